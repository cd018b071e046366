import type { Excess } from '../contracts/excess';

/** What a decision needs to know of time besides the excess. All in seconds. */
export interface SuspensionTimes {
  /** How long one excess suspends, from the moment it is decided. */
  readonly suspensionSeconds: number;
}

/** The default: one window of two minutes, after which the heat that was the reason has left the window. */
export const defaultSuspensionSeconds = 120;

/** A subject's offences are forgotten a day after its last excess, a decided request a day after its decision. */
const memorySeconds = 24 * 3600;

/**
 * When a suspension for this excess ends, in epoch milliseconds, decided at `nowMs`. One fixed length for all:
 * the policy for repeat offenders belongs here.
 */
export function suspendUntilMs(nowMs: number, times: SuspensionTimes): number {
  return nowMs + times.suspensionSeconds * 1000;
}

/**
 * Whether an excess comes so late, after an outage or out of the dead-letter queue, that it must not suspend any more:
 * its heat has left the window, and a suspension decided at its time would be over.
 */
export function isOldHeat(excess: Excess, nowMs: number, times: SuspensionTimes): boolean {
  const windowSeconds = excess.windowEnd - excess.windowStart;
  return nowMs / 1000 > excess.windowEnd + windowSeconds + times.suspensionSeconds;
}

/**
 * How long a subject's episode is remembered after its last excess: longer than any question that rests on it,
 * which are whether it is still suspended and whether an excess is within one window of the last.
 */
export function episodeMemorySeconds(excess: Excess, times: SuspensionTimes): number {
  const windowSeconds = excess.windowEnd - excess.windowStart;
  return Math.max(memorySeconds, 2 * (windowSeconds + times.suspensionSeconds));
}

export const requestMemorySeconds = memorySeconds;
