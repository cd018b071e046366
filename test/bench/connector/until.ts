import { setTimeout as pause } from 'node:timers/promises';

const BOUND_MS = 120_000;
const POLL_MS = 100;

/** Polls until the condition holds. Throws, naming it, after two minutes; an error of the condition is thrown at once. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await holdsWithin(BOUND_MS, condition))) throw new Error(`waited ${BOUND_MS / 1000} s until ${what}`);
}

/** Polls until the condition holds, for so long at most; answers whether it does. */
export async function holdsWithin(
  boundMs: number,
  condition: () => boolean | Promise<boolean>,
): Promise<boolean> {
  const giveUpAt = Date.now() + boundMs;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) return false;
    await pause(POLL_MS);
  }
  return true;
}

/** Tells on stderr how far the bench is. */
export function progress(line: string): void {
  process.stderr.write(`connector: ${line}\n`);
}
