import { isAt } from '../difference';
import { kindOf, memberOf, type PlanNode } from '../plan-graph';
import { type FieldChange, type FieldRule, WITHOUT_STATE } from './rule';

/** What a frame looks back over, in milliseconds; undefined where it is no stretch of time. */
export function frameMs(node: PlanNode): number | undefined {
  const group = memberOf(node, 'overSpec', 'groups', '0');
  const index = memberOf(group, 'lowerBound', 'offset', 'inputIndex');
  const columns = memberOf(node, 'overSpec', 'originalInputFields');
  if (memberOf(group, 'isRows') !== false || typeof index !== 'number' || typeof columns !== 'number')
    return undefined;
  const value = Number(memberOf(node, 'overSpec', 'constants', String(index - columns), 'value'));
  return Number.isFinite(value) ? value : undefined;
}

/** Whether the only thing that changes at an OVER is how far back its frame looks; then by how much, in milliseconds. */
export function frameChange({ deployed, wanted, differences }: FieldChange): number | undefined {
  if (kindOf(wanted) !== 'over-aggregate') return undefined;
  const [before, now] = [frameMs(deployed), frameMs(wanted)];
  if (before === undefined || now === undefined) return undefined;
  const inFrame = differences.filter((each) => isAt(each, 'overSpec'));
  return inFrame.length === 1 && inFrame.every((each) => isAt(each, 'overSpec', 'constants', '*', 'value'))
    ? now - before
    : undefined;
}

/** ROWS, other bounds, another order. */
export const overFrame: FieldRule = {
  code: 'over-frame',
  verdict: 'incompatible',
  help: 'another frame or order of an OVER, or a frame that counts rows: its state is laid out for the old one',
  way: WITHOUT_STATE,
  judge: (change) => {
    const { wanted, difference } = change;
    if (kindOf(wanted) !== 'over-aggregate' || frameChange(change) !== undefined) return undefined;
    const isFrame =
      isAt(difference, 'overSpec', 'constants') ||
      ['lowerBound', 'upperBound', 'isRows', 'orderBy'].some((part) =>
        isAt(difference, 'overSpec', 'groups', '*', part),
      );
    return isFrame ? 'the frame of the OVER changes, and its state was laid out for the old one' : undefined;
  },
};
