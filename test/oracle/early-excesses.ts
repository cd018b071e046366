import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import { type HeatQuestion, hotSeconds, type OracleExcess } from './heat-oracle';

/**
 * What a detection stated, without the excesses that came early and are true: one at most for each second above the
 * limit, with more units than the limit and no more than the second has in the end.
 *
 * @param records only what was on time
 */
export function withoutEarlyExcesses(
  stated: readonly OracleExcess[],
  records: readonly UsageRecord[],
  question: HeatQuestion,
): OracleExcess[] {
  const left = [...stated];
  for (const { excess, speaks } of hotSeconds(records, question)) {
    const said = left.filter((each) => isOfThatSecond(each, excess));
    const closing = speaks ? said.find((each) => isSame(each, excess)) : undefined;
    const early = said.find((each) => each !== closing && isEarly(each, excess));
    if (early !== undefined) left.splice(left.indexOf(early), 1);
  }
  return left;
}

function isOfThatSecond(stated: OracleExcess, truth: OracleExcess): boolean {
  return (
    stated.windowEnd === truth.windowEnd &&
    stated.windowStart === truth.windowStart &&
    stated.resource === truth.resource &&
    stated.key === truth.key &&
    stated.subject === truth.subject &&
    stated.limit === truth.limit
  );
}

function isSame(stated: OracleExcess, truth: OracleExcess): boolean {
  return (
    stated.units === truth.units &&
    stated.peakSecondUnits === truth.peakSecondUnits &&
    stated.activeSeconds === truth.activeSeconds
  );
}

function isEarly(stated: OracleExcess, truth: OracleExcess): boolean {
  return (
    stated.units > stated.limit &&
    stated.units <= truth.units &&
    stated.peakSecondUnits <= truth.peakSecondUnits &&
    stated.activeSeconds <= truth.activeSeconds
  );
}
