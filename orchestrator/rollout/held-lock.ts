import type { Control, Lock } from '../service/control';
import { messageOf, UserFault } from '../user-fault';

/** The lock is no longer this command's: whatever is wrong, it must not touch anything more. */
export class LostLock extends UserFault {}

/** A lock that is renewed while its holder lives. */
export interface HeldLock {
  /** As last renewed. */
  current(): Lock;
  /** Throws a LostLock where the lease has run out without being renewed. */
  check(): void;
}

export interface LockWanted {
  holder: string;
  purpose: string;
  leaseSeconds: number;
}

/**
 * Does the work under the application's lock, and releases it at the end. Throws who holds it where it is held.
 */
export async function underLock<T>(
  control: Control,
  { holder, purpose, leaseSeconds }: LockWanted,
  work: (held: HeldLock) => Promise<T>,
): Promise<T> {
  let lock = await control.takeLock(holder, purpose, leaseSeconds);
  let failure: unknown;
  const renew = async (): Promise<void> => {
    try {
      lock = await control.renewLock(lock, leaseSeconds);
      failure = undefined;
    } catch (thrown) {
      // Tried again at the next turn; it is lost only when the lease has run out.
      failure = thrown;
    }
  };
  let renewing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renewing.then(renew);
  }, leaseSeconds * 250);
  try {
    return await work({
      current: () => lock,
      check: () => {
        if (lock.until.getTime() > Date.now()) return;
        throw new LostLock(
          `the lock could not be renewed (${failure === undefined ? 'this process stood still' : messageOf(failure)}): ` +
            'this command stops here. `spillway plan` shows how far it came, `spillway apply` goes on from there',
        );
      },
    });
  } finally {
    clearInterval(timer);
    await renewing;
    // It runs out by itself, so its failure must not hide what the work threw.
    await control.releaseLock(lock).catch(() => undefined);
  }
}
