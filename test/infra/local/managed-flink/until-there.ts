import { setTimeout as wait } from 'node:timers/promises';

/**
 * Asks every few milliseconds until there is an answer. Fails, naming what was waited for, after a minute: no
 * expectation of speed but a limit for a slow machine.
 */
export async function untilThere<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`waited a minute in vain for ${what}`);
    await wait(100);
  }
}
