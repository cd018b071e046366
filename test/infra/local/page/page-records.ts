import type { Excess } from '../../../../lambdas/contracts/excess';
import type { Suspension } from '../../../../lambdas/contracts/suspension';
import type { UsageRecord } from '../../../../lambdas/contracts/usage-record';
import type { JobReading, Rule } from '../../../../infra/local/page/page-event';

/** One usage record of one subject in the table `documents`. */
export function usageOf(
  subject: string,
  second: number,
  units: number,
  batch = `${subject}-${second}`,
): UsageRecord {
  const entry = { resource: 'documents', key: `S:${subject}`, subject, units, writes: 1 };
  return { version: 1, source: 'documents', batch, part: 0, second, entries: [entry] };
}

export function excessOf(subject: string, windowEnd: number, units: number): Excess {
  return {
    version: 1,
    application: 'throttle',
    generation: 1,
    detection: 'partition-heat',
    resource: 'documents',
    key: `S:${subject}`,
    subject,
    units,
    limit: 100,
    peakSecondUnits: 60,
    activeSeconds: 2,
    windowStart: windowEnd - 120,
    windowEnd,
  };
}

export function suspensionOf(subject: string, since: number, until: number, offences = 1): Suspension {
  const reason = excessOf(subject, Math.floor(since / 1_000) - 6, 101);
  return { version: 1, subject, since, until, offences, scope: 'writes', reason };
}

export const rule: Rule = { windowSeconds: 120, limit: 100, limits: {}, delaySeconds: 5, silenceSeconds: 30 };

export function jobReading(changes: Partial<JobReading> = {}): JobReading {
  return {
    id: 'a'.repeat(32),
    state: 'RUNNING',
    tasks: { running: 10, total: 10 },
    restarts: 0,
    lastFailure: undefined,
    checkpoints: { completed: 3, failed: 0, last: undefined },
    watermarkMs: undefined,
    behindMs: 0,
    recordsRead: 12,
    recordsWritten: { excess: 1 },
    ...changes,
  };
}
