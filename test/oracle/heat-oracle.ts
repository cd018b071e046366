import type { Excess } from '../../lambdas/contracts/excess';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';

/** What the detection is asked: the parameters of `partition-heat` that decide its answer. */
export interface HeatQuestion {
  readonly windowSeconds: number;
  /** Write units per window for resources that `limits` does not name. */
  readonly limit: number;
  readonly limits?: Readonly<Record<string, number>>;
  /** First second (exclusive window end) from which excesses are stated. */
  readonly cutover?: number;
}

/** An excess without the fields that only say who stated it. */
export type OracleExcess = Omit<Excess, 'version' | 'application' | 'generation' | 'detection' | 'action'>;

/** A second at which a heat is above its limit. */
export interface HotSecond {
  readonly excess: OracleExcess;
  /** Whether it is stated: the first of its episode, or the first of a minute. */
  readonly speaks: boolean;
}

/**
 * The excesses of a set of usage records, worked out the slow and obvious way: every window is added up from
 * scratch. Order does not matter to it, and a record delivered twice counts once, by its name and its largest
 * units. It knows nothing of lateness: give it only what was on time.
 */
export function heatOracle(records: readonly UsageRecord[], question: HeatQuestion): OracleExcess[] {
  return hotSeconds(records, question)
    .filter(({ speaks }) => speaks)
    .map(({ excess }) => excess);
}

/** The same, with the seconds above the limit at which nothing is stated. */
export function hotSeconds(records: readonly UsageRecord[], question: HeatQuestion): HotSecond[] {
  const found: HotSecond[] = [];
  for (const [name, seconds] of unitsBySecond(records)) {
    const [resource, key, subject] = JSON.parse(name) as [string, string, string];
    const limit = question.limits?.[resource] ?? question.limit;
    let previous: { second: number; units: number } | undefined;
    for (const second of [...seconds.keys()].sort((a, b) => a - b)) {
      const windowEnd = second + 1;
      const windowStart = windowEnd - question.windowSeconds;
      const inside = [...seconds]
        .filter(([at]) => at >= windowStart && at < windowEnd)
        .map(([, units]) => units);
      const units = inside.reduce((sum, value) => sum + value, 0);
      if (units > limit && windowEnd >= (question.cutover ?? 0)) {
        const [peakSecondUnits, activeSeconds] = [Math.max(...inside), inside.length];
        const of = { resource, key, subject, units, limit, peakSecondUnits, activeSeconds };
        found.push({
          excess: { ...of, windowStart, windowEnd },
          speaks: startsOrRepeats(previous, second, limit, question),
        });
      }
      previous = { second, units };
    }
  }
  return found;
}

/** One excess when the limit is passed, and one at the first write of each minute while it stays passed. */
function startsOrRepeats(
  previous: { second: number; units: number } | undefined,
  second: number,
  limit: number,
  question: HeatQuestion,
): boolean {
  if (previous === undefined || previous.units <= limit) return true;
  if (second - previous.second >= question.windowSeconds) return true;
  if (previous.second + 1 < (question.cutover ?? 0)) return true;
  return Math.floor(previous.second / 60) !== Math.floor(second / 60);
}

/** Units by second of each resource, key and subject, each named record counted once. */
function unitsBySecond(records: readonly UsageRecord[]): Map<string, Map<number, number>> {
  const once = new Map<string, { owner: string; second: number; units: number }>();
  for (const { source, batch, part, second, entries } of records) {
    for (const { resource, key, subject, units } of entries) {
      const owner = JSON.stringify([resource, key, subject]);
      const name = JSON.stringify([source, batch, part, second, owner]);
      const before = once.get(name)?.units ?? 0;
      once.set(name, { owner, second, units: Math.max(before, units) });
    }
  }
  const bySecond = new Map<string, Map<number, number>>();
  for (const { owner, second, units } of once.values()) {
    const seconds = bySecond.get(owner) ?? new Map<number, number>();
    seconds.set(second, (seconds.get(second) ?? 0) + units);
    bySecond.set(owner, seconds);
  }
  return bySecond;
}
