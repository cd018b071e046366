import type { Excess } from '../../lambdas/contracts/excess';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import { UserFault } from '../user-fault';

/** What one subject wrote to one key, second by second; the arrays are of one length and in the order of time. */
export interface WrittenSeconds {
  readonly resource: string;
  readonly key: string;
  readonly subject: string;
  readonly seconds: number[];
  readonly units: number[];
  readonly writes: number[];
}

/** A key's units by all subjects, second by second. */
export interface KeySeconds {
  readonly resource: string;
  readonly key: string;
  readonly seconds: number[];
  readonly units: number[];
}

/** Usage of those that an excess names, and of nobody else. */
export interface FoundUsage {
  /** By subject: all that it wrote, to whatever key. */
  readonly bySubject: ReadonlyMap<string, readonly WrittenSeconds[]>;
  /** By keyName. */
  readonly byKey: ReadonlyMap<string, KeySeconds>;
}

/** So many seconds of so many keys are kept; beyond, too many were found to tell each one's figures. */
const mostSeconds = 4_000_000;

export function keyName({ resource, key }: { resource: string; key: string }): string {
  return JSON.stringify([resource, key]);
}

/**
 * Adds up what was written by the subjects and to the keys that excesses name. Throws a UserFault where they are too many.
 *
 * @param usage each record once, in the order of seconds
 */
export async function usageOfFound(
  excesses: readonly Excess[],
  usage: AsyncIterable<UsageRecord>,
): Promise<FoundUsage> {
  const subjects = new Set(excesses.map(({ subject }) => subject));
  subjects.delete('');
  const keys = new Set(excesses.map(keyName));
  const bySubject = new Map<string, Map<string, WrittenSeconds>>();
  const byKey = new Map<string, KeySeconds>();
  let kept = 0;
  for await (const { second, entries } of usage) {
    for (const { resource, key, subject, units, writes } of entries) {
      const name = keyName({ resource, key });
      if (keys.has(name)) {
        let one = byKey.get(name);
        if (one === undefined) byKey.set(name, (one = { resource, key, seconds: [], units: [] }));
        kept += added(one, second, units);
      }
      if (!subjects.has(subject)) continue;
      let written = bySubject.get(subject);
      if (written === undefined) bySubject.set(subject, (written = new Map()));
      let one = written.get(name);
      if (one === undefined) {
        written.set(name, (one = { resource, key, subject, seconds: [], units: [], writes: [] }));
      }
      kept += added(one, second, units);
      one.writes[one.seconds.length - 1] = (one.writes[one.seconds.length - 1] ?? 0) + writes;
    }
    if (kept > mostSeconds) {
      throw new UserFault(
        `${subjects.size} subjects were found, and what they wrote has more than ${mostSeconds.toLocaleString('en-US')} ` +
          'seconds: take a shorter span or a higher limit',
      );
    }
  }
  return {
    bySubject: new Map([...bySubject].map(([subject, written]) => [subject, [...written.values()]])),
    byKey,
  };
}

/** Answers how many seconds more are kept. */
function added(to: { seconds: number[]; units: number[] }, second: number, units: number): number {
  const last = to.seconds.length - 1;
  if (to.seconds[last] === second) {
    to.units[last] = (to.units[last] ?? 0) + units;
    return 0;
  }
  to.seconds.push(second);
  to.units.push(units);
  return 1;
}

/** Adds up the units of seconds from `from` to before `until`, of those that are wanted. */
export function unitsWithin(
  { seconds, units }: Pick<KeySeconds, 'seconds' | 'units'>,
  from: number,
  until: number,
  isWanted: (second: number) => boolean = () => true,
): number {
  let sum = 0;
  for (let at = firstAt(seconds, from); at < seconds.length; at++) {
    const second = seconds[at] ?? until;
    if (second >= until) break;
    if (isWanted(second)) sum += units[at] ?? 0;
  }
  return sum;
}

/** The first place whose second is not before the given one. */
export function firstAt(seconds: readonly number[], second: number): number {
  let [low, high] = [0, seconds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((seconds[middle] ?? 0) < second) low = middle + 1;
    else high = middle;
  }
  return low;
}
