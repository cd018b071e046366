import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits until a condition holds, looking every few milliseconds. Fails, naming what was waited for, when it does
 * not hold within the bound: ten seconds, which is no expectation of speed but a limit for a slow machine.
 */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  boundMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + boundMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${String(boundMs)} ms in vain for ${what}`);
    await wait(10);
  }
}
