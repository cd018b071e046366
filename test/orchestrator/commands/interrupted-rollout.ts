import type { HistoryEntry, RolloutRecord } from '../../../orchestrator/service/control';
import { entryAt, restartPlan, rolloutUnderWay } from '../service/rollout-record';

/** A restart of ticking whose command was killed before its second step. */
export function interruptedRollout(startedBy: string): RolloutRecord {
  const application = 'spillway-local-ticking';
  const plan = {
    ...restartPlan,
    application: 'ticking',
    serviceName: application,
    generationsRevision: 0,
    steps: [
      { kind: 'upload' as const, codeKey: restartPlan.desired.codeKey },
      { kind: 'snapshot' as const, application, snapshot: 'before-2' },
      { kind: 'gates' as const, application, limitSeconds: 60 },
    ],
  };
  return { ...rolloutUnderWay, plan, startedBy };
}

/** The line of its history, once it was taken back. */
export function takenBack(who: string, at: Date): HistoryEntry {
  return { ...entryAt(at.toISOString()), who, outcome: 'taken back', tookSeconds: 0 };
}
