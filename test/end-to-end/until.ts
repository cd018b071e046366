import { setTimeout as wait } from 'node:timers/promises';

/** Polls until the condition holds, for a minute at most; the error says what was waited for. */
export async function until(holds: () => boolean, what: string, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited ${withinMs / 1_000} s for ${what}`);
    await wait(50);
  }
}
