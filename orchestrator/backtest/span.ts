import type { Span } from '../comparison/compare-excesses';
import { durationSeconds } from '../definition/parameters';
import { UserFault } from '../user-fault';

const daySeconds = 24 * 3600;

/** The longest span of one backtest. */
export const mostDays = 31;

/**
 * The seconds of event time that a backtest looks at, `until` exclusive. Throws a UserFault where a text is no moment, or
 * the span is empty, lies in the future or is longer than a backtest bears.
 *
 * @param since a length back from the end such as `7d`, or a moment such as `2026-10-01` or `2026-10-01T12:00:00Z`
 * @param until a moment; now unless given
 */
export function spanOf(since: string, until: string | undefined, nowSecond: number): Span {
  const end = until === undefined ? nowSecond : moment('--until', until);
  const back = lengthSeconds(since);
  const from = back === undefined ? moment('--since', since) : end - back;
  const shown = `${timeOf(from)} to ${timeOf(end)}`;
  if (end > nowSecond) {
    throw new UserFault(
      `--until ${until ?? ''} is yet to come (now it is ${timeOf(nowSecond)}): leave it out`,
    );
  }
  if (from >= end) {
    throw new UserFault(`the span is empty: ${shown}. Give a --since that is before --until`);
  }
  if (end - from > mostDays * daySeconds) {
    throw new UserFault(
      `the span is longer than ${mostDays} days: ${shown}. Run several backtests, each with its own --since and --until`,
    );
  }
  return { from, until: end };
}

/** Epoch seconds as people read them, in UTC. */
export function timeOf(second: number): string {
  return new Date(second * 1_000).toISOString().replace('.000Z', 'Z');
}

function lengthSeconds(text: string): number | undefined {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  return days === undefined ? durationSeconds(text) : Number(days) * daySeconds;
}

function moment(option: string, text: string): number {
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text);
  const ms = isDate ? Date.parse(text) : NaN;
  if (!Number.isNaN(ms)) return ms / 1_000;
  const back = option === '--since' ? 'a length back such as 7d, 24h or 90m, or ' : '';
  throw new UserFault(
    `${option} is "${text}". Give ${back}a moment in UTC such as 2026-10-01 or 2026-10-01T12:00:00Z`,
  );
}
