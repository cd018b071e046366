import { setTimeout as wait } from 'node:timers/promises';

const boundMs = 60_000;

/** Waits until a condition holds, and fails with what was waited for and what was last seen when it never does. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  seen: () => unknown = () => '',
): Promise<void> {
  const giveUpAtMs = Date.now() + boundMs;
  while (!(await condition())) {
    if (Date.now() > giveUpAtMs) throw new Error(`waited in vain until ${what}: ${JSON.stringify(seen())}`);
    await wait(20);
  }
}
