import type { Excess } from '../contracts/excess';

/** What a decision needs to know of time besides the excess. All in seconds. */
export interface SuspensionTimes {
  /** How long one excess suspends, from the moment it is decided. */
  readonly suspensionSeconds: number;
}

const daySeconds = 24 * 3600;

export const requestMemorySeconds = daySeconds;

/** A subject's episodes are forgotten at the latest so long after its last excess. */
export const mostMemorySeconds = 90 * daySeconds;

/**
 * Whether an excess comes so late, after an outage or out of the dead-letter queue, that it must not suspend any more:
 * its heat has left the window, and a suspension decided at its time would be over.
 */
export function isOldHeat(excess: Excess, nowMs: number, times: SuspensionTimes): boolean {
  const windowSeconds = excess.windowEnd - excess.windowStart;
  return nowMs / 1000 > excess.windowEnd + windowSeconds + times.suspensionSeconds;
}

/**
 * How long a subject's episode is remembered at least after its last excess: longer than any question that rests on it,
 * which are whether it is still suspended and whether an excess is within one window of the last. Offences that decay
 * slowly are remembered longer.
 */
export function leastMemorySeconds(excess: Excess, longestSuspensionSeconds: number): number {
  const windowSeconds = excess.windowEnd - excess.windowStart;
  return Math.max(daySeconds, 2 * (windowSeconds + longestSuspensionSeconds));
}
