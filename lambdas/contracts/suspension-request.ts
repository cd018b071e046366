import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Excess, excess } from './excess';
import { name, version } from './fields';

/** An excess on its way to the suspender. */
export const suspensionRequest = z.strictObject({ version, id: name, excess });

export type SuspensionRequest = z.infer<typeof suspensionRequest>;

/**
 * The id of the request for an excess, by which logs trace it from the alerter to whoever is told. It leaves the
 * generation out: during a handover two generations may state the same excess, and that is one request, however often
 * it is delivered.
 */
export function requestId(excess: Omit<Excess, 'version'>): string {
  const { application, detection, resource, key, subject, windowEnd } = excess;
  const identity = JSON.stringify([application, detection, resource, key, subject, windowEnd]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}

/** The request for an excess. */
export function requestFor(excess: Excess): SuspensionRequest {
  return { version: 1, id: requestId(excess), excess };
}
