import type { Control, Lock } from '../service/control';
import { UserFault } from '../user-fault';
import { underLock } from './held-lock';

/** How long a lock is held without being renewed: so long a killed command keeps others out. */
const LEASE_SECONDS = 60;

/** Who wants the lock, and what for. */
export interface LockWish {
  control: Control;
  who: string;
  /** In one line, for those who find it held. */
  purpose: string;
  /** Go on although a rollout is not over: for what ends it in any case. */
  evenInterrupted?: boolean;
}

/**
 * Does something that is no rollout while nobody else changes the application. Throws who holds the lock where it is held,
 * and where a rollout was begun and is not over.
 */
export async function withLock<T>(
  { control, who, purpose, evenInterrupted = false }: LockWish,
  work: (lock: () => Lock) => Promise<T>,
): Promise<T> {
  return underLock(control, { holder: who, purpose, leaseSeconds: LEASE_SECONDS }, async (held) => {
    const interrupted = await control.rollout();
    if (interrupted === undefined || evenInterrupted) return work(() => held.current());
    const { plan, startedBy, startedAt } = interrupted;
    throw new UserFault(
      `a rollout of ${plan.application} by ${startedBy} from ${startedAt.toISOString()} is not over: ` +
        `\`spillway plan ${plan.application} --env ${plan.environment}\` shows how it stands, and ` +
        '`spillway apply` finishes it or takes it back',
    );
  });
}
