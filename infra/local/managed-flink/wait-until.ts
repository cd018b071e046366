import { setTimeout as pause } from 'node:timers/promises';

const POLL_EVERY_MS = 150;

/**
 * Asks again and again until there is an answer. Throws what was waited for when the limit has passed, and the
 * signal's reason when it is aborted.
 */
export async function waitUntil<T>(
  what: string,
  limitMs: number,
  signal: AbortSignal,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const deadlineMs = Date.now() + limitMs;
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadlineMs) throw new Error(`waited ${limitMs / 1000} s for ${what}`);
    await pause(POLL_EVERY_MS, undefined, { signal });
  }
}
