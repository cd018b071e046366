import { type Parsed, parseRecord } from '../contracts/parse';
import { type SuspensionRequest, suspensionRequest } from '../contracts/suspension-request';

/**
 * Reads a message's body as a request that can be decided. Besides the contract it asks for a subject, because
 * nobody can be suspended without one, and for a window, because episodes are measured with it. An excess that is only
 * to be told is refused here too: to suspend for it would be wrong whoever sent it.
 */
export function readRequest(body: string): Parsed<SuspensionRequest> {
  const parsed = parseRecord(suspensionRequest, body);
  if (!parsed.ok) return parsed;
  const { subject, windowStart, windowEnd, action } = parsed.value.excess;
  if (action === 'notify')
    return { ok: false, reason: 'excess.action: notify, so nobody is to be suspended' };
  if (subject === '') return { ok: false, reason: 'excess.subject: empty, so there is nobody to suspend' };
  if (windowEnd <= windowStart) {
    return {
      ok: false,
      reason: `excess.windowEnd: ${String(windowEnd)} is not after windowStart ${String(windowStart)}`,
    };
  }
  return parsed;
}
