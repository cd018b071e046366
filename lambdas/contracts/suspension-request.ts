import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Excess, excess } from './excess';
import { name, version } from './fields';

/** An excess on its way to the suspender. */
export const suspensionRequest = z.strictObject({ version, id: name, excess });

export type SuspensionRequest = z.infer<typeof suspensionRequest>;

/**
 * The request for an excess. Its id leaves the generation out: during a handover two generations may state the
 * same excess, and that is one request, however often it is delivered.
 */
export function requestFor(excess: Excess): SuspensionRequest {
  const { application, detection, resource, key, subject, windowEnd } = excess;
  const identity = JSON.stringify([application, detection, resource, key, subject, windowEnd]);
  return { version: 1, id: createHash('sha256').update(identity).digest('hex').slice(0, 32), excess };
}
