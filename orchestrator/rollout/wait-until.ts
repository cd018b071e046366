import { setTimeout as pause } from 'node:timers/promises';
import { UserFault } from '../user-fault';

/** What asking once gave: the end of the waiting, or what is still missing. */
export type Look<T> = { done: true; value: T } | { done: false; missing: string };

/**
 * Looks again and again until it is done, at most for the limit. Throws what was waited for and how it stood.
 */
export async function waitUntil<T>(
  what: string,
  limitMs: number,
  pollEveryMs: number,
  look: () => Promise<Look<T>>,
): Promise<T> {
  const deadlineMs = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen.done) return seen.value;
    if (Date.now() + pollEveryMs > deadlineMs) {
      throw new UserFault(
        `waited ${Math.round(limitMs / 1000)} s for ${what}, in vain: ${seen.missing}. ` +
          'Look with `spillway status`; the application is left as it is',
      );
    }
    await pause(pollEveryMs);
  }
}
