import { setTimeout as pause } from 'node:timers/promises';
import { processesWith } from './leaked-processes';
import { TEST_RUN_VARIABLE, keptSystem } from './running-system';

const BOUND_MS = 15_000;

/** jest's global teardown: stops the local system, and fails the run when a process that it started is still there. */
async function stopWarmSystem(): Promise<void> {
  await keptSystem()?.stop();
  const marker = `${TEST_RUN_VARIABLE}=${process.env[TEST_RUN_VARIABLE] ?? ''}`;
  const giveUpAt = Date.now() + BOUND_MS;
  // What a test stopped a moment ago may still be on its way out.
  for (let left = processesWith(marker); left.length > 0; left = processesWith(marker)) {
    if (Date.now() > giveUpAt) {
      throw new Error(`the tests left processes behind:\n${left.join('\n')}\nstop them in their test files`);
    }
    await pause(100);
  }
}

export = stopWarmSystem;
