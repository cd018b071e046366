import { setTimeout as pause } from 'node:timers/promises';
import { isThrottling } from './fault-kinds';

/** Beside what the SDK tries by itself: together about half a minute. */
const MOST_TRIES = 8;
const FIRST_PAUSE_MS = 250;

/** Does one call again while the service is asked too much: nothing was done, so nothing is done twice. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (thrown) {
      if (!isThrottling(thrown) || tries === MOST_TRIES) throw thrown;
      await pause(FIRST_PAUSE_MS * 2 ** (tries - 1));
    }
  }
}
