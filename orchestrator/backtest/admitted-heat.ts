import type { Excess } from '../../lambdas/contracts/excess';
import { firstAt, type FoundUsage, keyName, unitsWithin, type WrittenSeconds } from './found-usage';

/** Whether a write of that second was let through. */
export type IsAdmitted = (second: number) => boolean;

/** An excess speaks again at the first write of each minute: longer than this without one, the heat was at the limit. */
const repeatSeconds = 60;

/** Whether what was let through inside an excess's window passes its limit by itself. */
export function passesByItself(excess: Excess, usage: FoundUsage, isAdmitted: IsAdmitted): boolean {
  const written = writtenOf(excess, usage);
  return (
    written === undefined ||
    unitsWithin(written, excess.windowStart, excess.windowEnd, isAdmitted) > excess.limit
  );
}

/**
 * The first excess of what was let through from a second on: the same heat, window and limit as of the excesses that were
 * stated of this key, without what was refused. Only seconds are looked at at which Flink may have found the heat of all
 * writes above the limit, which is never less.
 *
 * @param stated of one detection, resource, key and subject, in the order of time
 */
export function nextAdmittedExcess(
  stated: readonly Excess[],
  usage: FoundUsage,
  fromSecond: number,
  isAdmitted: IsAdmitted,
): Excess | undefined {
  const like = stated.find(({ windowEnd }) => windowEnd + repeatSeconds > fromSecond);
  const written = like && writtenOf(like, usage);
  if (like === undefined || written === undefined) return undefined;
  const lastSecond = (stated.at(-1)?.windowEnd ?? 0) + repeatSeconds;
  const windowSeconds = like.windowEnd - like.windowStart;
  const { seconds, units } = written;
  let first = firstAt(seconds, fromSecond - windowSeconds + 1);
  let heat = 0;
  for (let at = first; at < seconds.length; at++) {
    const second = seconds[at] ?? 0;
    if (second > lastSecond) return undefined;
    if (isAdmitted(second)) heat += units[at] ?? 0;
    for (; (seconds[first] ?? 0) <= second - windowSeconds; first++) {
      if (isAdmitted(seconds[first] ?? 0)) heat -= units[first] ?? 0;
    }
    if (second >= fromSecond && isAdmitted(second) && heat > like.limit) {
      return { ...like, units: heat, windowStart: second + 1 - windowSeconds, windowEnd: second + 1 };
    }
  }
  return undefined;
}

function writtenOf({ resource, key, subject }: Excess, usage: FoundUsage): WrittenSeconds | undefined {
  const name = keyName({ resource, key });
  return usage.bySubject.get(subject)?.find((one) => keyName(one) === name);
}
