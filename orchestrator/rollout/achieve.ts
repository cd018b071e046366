import { isThrottling, isUncertain } from '../service/fault-kinds';
import { messageOf, UserFault } from '../user-fault';
import { POLL_EVERY_MS, type Rolling } from './rolling';
import { waitUntil } from './wait-until';

/** How a thing stands: as wanted, on its way there, or with something left to do. */
export type Seen<T> =
  { state: 'done'; value: T } | { state: 'busy'; missing: string } | { state: 'todo'; missing: string };

export interface Goal<T> {
  /** What is waited for, such as `spillway-local-throttle to stop`. */
  what: string;
  /** At most for so long. */
  limitSeconds: number;
  /** Throws where it can no longer come about. */
  look(): Promise<Seen<T>>;
  /** Asks for it. It may be asked for again: what it does must be refused or harmless when it is done already. */
  act(): Promise<void>;
}

/** An answer that is lost is rare; so often in a row, it is no accident. */
const MOST_ACTS = 3;

/**
 * Looks, does what is to do, and looks again until it is done. So a step that was done already is not done twice, and
 * neither a lost answer nor a service that is busy or asked too much fails it.
 */
export async function achieve<T>(rolling: Rolling, goal: Goal<T>): Promise<T> {
  let acts = 0;
  let lastFault: unknown;
  return waitUntil(goal.what, goal.limitSeconds * 1_000, POLL_EVERY_MS, async () => {
    rolling.alive();
    const seen = await lookPatiently(goal);
    if (seen.state === 'done') return { done: true, value: seen.value };
    rolling.progress.live(`  waiting for ${goal.what}: ${seen.missing}`);
    if (seen.state === 'busy') return { done: false, missing: seen.missing };
    if (acts === MOST_ACTS) {
      throw lastFault ?? new UserFault(`${goal.what} was asked for ${acts} times, in vain: ${seen.missing}`);
    }
    try {
      acts += 1;
      await goal.act();
    } catch (thrown) {
      // Asking too much is no attempt.
      if (isThrottling(thrown)) acts -= 1;
      else if (!isUncertain(thrown)) throw thrown;
      lastFault = thrown;
      return { done: false, missing: messageOf(thrown) };
    }
    return { done: false, missing: seen.missing };
  });
}

/** One look that the service had no time for, or whose answer was lost, says nothing. */
async function lookPatiently<T>({ look }: Goal<T>): Promise<Seen<T>> {
  try {
    return await look();
  } catch (thrown) {
    if (isThrottling(thrown) || isUncertain(thrown)) return { state: 'busy', missing: messageOf(thrown) };
    throw thrown;
  }
}
