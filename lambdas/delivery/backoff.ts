import { setTimeout as wait } from 'node:timers/promises';

/** How long and how often something is tried again. */
export interface Backoff {
  /** The first try counts. */
  readonly tries: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/**
 * Together under four seconds of waiting: well inside a function's time limit, after which Lambda's own retry of
 * the batch takes over.
 */
export const deliveryBackoff: Backoff = { tries: 7, firstDelayMs: 50, longestDelayMs: 2_000 };

/**
 * Milliseconds to wait before a try, the second one being number 2: doubled each time, and spread over its upper
 * half so that functions that failed together do not come back together.
 *
 * @param spread a number from 0 to 1, drawn at random
 */
export function delayBeforeTryMs(backoff: Backoff, tryNumber: number, spread: number): number {
  const full = Math.min(backoff.firstDelayMs * 2 ** (tryNumber - 2), backoff.longestDelayMs);
  return full / 2 + (full / 2) * spread;
}

/**
 * Sends items, and sends again those that `send` returns as not accepted, until none is left or the tries are
 * used up. Answers with what is left. Errors that `send` throws are not caught.
 */
export async function sendUntilAccepted<T>(
  items: readonly T[],
  send: (items: readonly T[]) => Promise<readonly T[]>,
  backoff: Backoff = deliveryBackoff,
): Promise<readonly T[]> {
  let left = items;
  for (let tryNumber = 1; left.length > 0 && tryNumber <= backoff.tries; tryNumber++) {
    if (tryNumber > 1) await wait(delayBeforeTryMs(backoff, tryNumber, Math.random()));
    left = await send(left);
  }
  return left;
}
