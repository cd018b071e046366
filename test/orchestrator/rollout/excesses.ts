import type { Excess } from '../../../lambdas/contracts/excess';

/** An excess of throttle's generation 1 for a subject, changed as a test wants it. */
export function excessOf(subject: string, changes: Partial<Excess> = {}): Excess {
  const windowEnd = changes.windowEnd ?? 1_790_000_120;
  return {
    version: 1,
    application: 'throttle',
    generation: 1,
    detection: 'partition-heat',
    resource: 'users',
    key: 'S:k1',
    subject,
    units: 60_010,
    limit: 60_000,
    peakSecondUnits: 900,
    activeSeconds: 80,
    windowStart: windowEnd - 120,
    windowEnd,
    ...changes,
  };
}
