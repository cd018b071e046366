import type { Excess } from '../../../lambdas/contracts/excess';
import { heat, oversOf, type Rule, type Written } from './rule';

/** An excess that was heard, and when it could be read. */
export interface Heard {
  readonly excess: Excess;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** When which rule was in force, in seconds of event time. */
export interface Change {
  readonly before: Rule;
  readonly after: Rule;
  /** Window ends before this one are the old rule's. */
  readonly oldUntil: number;
  /** Window ends from this one on are the new rule's; between the two either may speak. */
  readonly newFrom: number;
  /** The new rule goes on with the old one's state: an episode that was stated is not stated again at once. */
  readonly isCarried: boolean;
  /** What is written later is not looked at. */
  readonly until: number;
}

export interface Judgement {
  /** Times above the limit that no excess tells of. */
  readonly missed: readonly string[];
  /** Excesses of a heat that was not above the limit, or not as high. */
  readonly falsely: readonly string[];
  /** Seconds with an excess whose last word is not the whole heat. */
  readonly incomplete: readonly string[];
  readonly overs: number;
  readonly heard: number;
}

/** Compares what was heard of one detection with what was written. */
export function judge(written: Written, heard: readonly Heard[], change: Change): Judgement {
  const overs = [
    ...oversOf(written, change.before, 0, change.oldUntil),
    ...oversOf(written, change.after, change.newFrom, change.until),
  ];
  const ends = new Map<string, number[]>();
  for (const { excess } of heard) {
    ends.set(excess.subject, [...(ends.get(excess.subject) ?? []), excess.windowEnd]);
  }
  const wholeOvers = oversOf(written, change.after, 0, change.until);
  const missed = overs.filter(({ subject, from, until }) => {
    // An excess anywhere in the seconds above the limit that these are the end of, where the state knows of it.
    const whole = wholeOvers.find((one) => one.subject === subject && one.from <= from && one.until >= until);
    const since = change.isCarried ? (whole?.from ?? from) : from;
    return !(ends.get(subject) ?? []).some((end) => end >= since && end <= until);
  });
  const told = heard.map(({ excess }) => {
    const { windowSeconds, limit } = change.after;
    const isNew = excess.windowEnd - excess.windowStart === windowSeconds && excess.limit === limit;
    const rule = isNew ? change.after : change.before;
    return { excess, rule, whole: heat(written, excess.subject, excess.windowEnd, rule.windowSeconds) };
  });
  const falsely = told.filter(
    ({ excess, rule, whole }) =>
      excess.units > whole || excess.units <= rule.limit || excess.limit !== rule.limit,
  );
  const lastWords = new Map<string, number>();
  const name = ({ subject, generation, windowEnd }: Excess): string =>
    `${subject} ${generation} ${windowEnd}`;
  for (const { excess } of told) {
    lastWords.set(name(excess), Math.max(lastWords.get(name(excess)) ?? 0, excess.units));
  }
  const incomplete = told.filter(({ excess, whole }) => (lastWords.get(name(excess)) ?? 0) < whole);
  return {
    missed: missed.map(({ subject, from, until }) => `${subject} ${from} to ${until}`),
    falsely: falsely.map(({ excess, whole }) => `${name(excess)}: ${excess.units} of ${whole}`),
    incomplete: [...new Set(incomplete.map(({ excess, whole }) => `${name(excess)}: of ${whole}`))],
    overs: overs.length,
    heard: heard.length,
  };
}

/** The longest time between two heard excesses of subjects of which one passes the limit each second, in seconds. */
export function longestSilenceSeconds(heard: readonly Heard[], fromMs: number, untilMs: number): number {
  const times = heard.map(({ atMs }) => atMs).filter((atMs) => atMs >= fromMs && atMs <= untilMs);
  const sorted = [fromMs, ...times, untilMs].sort((a, b) => a - b);
  return Math.max(...sorted.slice(1).map((atMs, i) => atMs - (sorted[i] ?? atMs))) / 1_000;
}
