import { setTimeout as pause } from 'node:timers/promises';

const BOUND_MS = 120_000;
const POLL_MS = 100;

/** Polls until the condition holds. Throws, naming it, after two minutes; an error of the condition is thrown at once. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + BOUND_MS;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`waited ${BOUND_MS / 1000} s until ${what}`);
    await pause(POLL_MS);
  }
}

/** Tells on stderr how far the bench is. */
export function progress(line: string): void {
  process.stderr.write(`connector: ${line}\n`);
}
