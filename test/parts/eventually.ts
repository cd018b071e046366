import { setTimeout as pause } from 'node:timers/promises';

/** Polls until the condition holds; fails with what was waited for when it does not within the bound. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  boundMs = 30_000,
): Promise<void> {
  const giveUpAtMs = Date.now() + boundMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAtMs) throw new Error(`waited ${String(boundMs)} ms in vain for ${what}`);
    await pause(25);
  }
}
