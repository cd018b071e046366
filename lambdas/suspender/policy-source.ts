import type { Policy } from '../contracts/policy';
import type { Log } from '../delivery/log';
import type { SuspensionControl } from './control';

/** How soon a policy that was applied counts everywhere. */
const freshMs = 30_000;
/** How long the policy known before counts while `control` cannot be read; after that nothing is decided. */
const usableMs = 10 * 60_000;

/**
 * The policy of the moment: the one applied last, or the given one where none is. It is read again when it is half a
 * minute old.
 */
export function policySource(
  control: SuspensionControl,
  unlessApplied: Policy,
  log: Log,
): (nowMs: number) => Promise<Policy> {
  let known: { policy: Policy; readAtMs: number } | undefined;
  return async (nowMs) => {
    if (known !== undefined && Math.abs(nowMs - known.readAtMs) < freshMs) return known.policy;
    try {
      const policy = (await control.readPolicy())?.policy ?? unlessApplied;
      known = { policy, readAtMs: nowMs };
      return policy;
    } catch (cause) {
      if (known === undefined || Math.abs(nowMs - known.readAtMs) >= usableMs) throw cause;
      log({
        level: 'warn',
        event: 'policy-not-read',
        message: `The policy could not be read (${String(cause)}). The one read before counts for at most ten minutes.`,
      });
      return known.policy;
    }
  };
}
