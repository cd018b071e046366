import type { KeySeconds } from './found-usage';
import type { SuspendedSpan } from './simulate-suspensions';

/** What one partition takes: write units a second (DynamoDB Developer Guide, "Best practices for partition keys"). */
export const partitionUnitsPerSecond = 1_000;

/** Over so many seconds it must be taken to count: a single second above it is what burst capacity is for. */
export const sustainedSeconds = 10;

/** Overloads of one key with less between them are one. */
const apartSeconds = 60;

/** A time at which a key took all that one partition gives. */
export interface Overload {
  readonly resource: string;
  readonly key: string;
  /** The first second at whose end the last ten hold what a partition gives in ten. */
  readonly second: number;
  /** The most write units a second over ten seconds, until it was over. */
  readonly unitsPerSecond: number;
}

/** An overload, and what a rule did before it. */
export interface JudgedOverload extends Overload {
  /** From the first suspension of someone who heated the key to the overload; undefined where nobody was suspended. */
  readonly leadSeconds?: number | undefined;
}

/** The overloads of a key in the order of time. Pure. */
export function overloadsOf(usage: KeySeconds): Overload[] {
  const { resource, key } = usage;
  const overloads: Overload[] = [];
  let lastSecond = -Infinity;
  for (const { second, units } of sums(usage)) {
    if (units < partitionUnitsPerSecond * sustainedSeconds) continue;
    const perSecond = Math.round(units / sustainedSeconds);
    const last = overloads.at(-1);
    if (last === undefined || second - lastSecond > apartSeconds) {
      overloads.push({ resource, key, second, unitsPerSecond: perSecond });
    } else if (perSecond > last.unitsPerSecond) {
      overloads[overloads.length - 1] = { ...last, unitsPerSecond: perSecond };
    }
    lastSecond = second;
  }
  return overloads;
}

/** The most write units a second that a key took over ten seconds. */
export function busiestUnitsPerSecond(usage: KeySeconds): number {
  let most = 0;
  for (const { units } of sums(usage)) most = Math.max(most, units);
  return Math.round(most / sustainedSeconds);
}

/**
 * Which overloads a rule headed off: someone with an excess on that key was suspended when it began.
 *
 * @param spans of those with an excess on the overloads' key
 */
export function judgedOverloads(
  overloads: readonly Overload[],
  spans: readonly SuspendedSpan[],
): JudgedOverload[] {
  return overloads.map((overload) => {
    const at = overload.second * 1_000;
    const inForce = spans.filter(({ sinceMs, untilMs }) => sinceMs <= at && untilMs > at);
    if (inForce.length === 0) return overload;
    const first = Math.min(...inForce.map(({ sinceMs }) => sinceMs));
    return { ...overload, leadSeconds: Math.round((at - first) / 1_000) };
  });
}

/** At each second with a write, the units of the ten seconds that it ends. */
function* sums({ seconds, units }: KeySeconds): Generator<{ second: number; units: number }> {
  let [first, sum] = [0, 0];
  for (const [at, second] of seconds.entries()) {
    sum += units[at] ?? 0;
    while ((seconds[first] ?? second) <= second - sustainedSeconds) {
      sum -= units[first] ?? 0;
      first += 1;
    }
    yield { second, units: sum };
  }
}
