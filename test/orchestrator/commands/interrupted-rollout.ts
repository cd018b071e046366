import { PLAN_VERSION, type Plan } from '../../../orchestrator/plan/plan';
import type { RolloutRecord } from '../../../orchestrator/service/control';

const settings: Plan['desired'] = {
  runtime: 'FLINK-2_2',
  serviceRole: 'arn:aws:iam::000000000000:role/r',
  bucket: 'code',
  codeKey: 'releases/ticking/00000000000000000000000000000000.jar',
  parallelism: 1,
  parallelismPerKpu: 1,
  checkpointIntervalSeconds: 1,
  parameters: {},
};

/** A restart of ticking whose command was killed before its second step. */
export function interruptedRollout(startedBy: string): RolloutRecord {
  const plan: Plan = {
    schemaVersion: PLAN_VERSION,
    id: 'plan-1',
    madeBy: '0.1.0',
    madeAt: '2027-01-15T08:00:00.000Z',
    application: 'ticking',
    environment: 'local',
    account: '000000000000',
    region: 'us-east-1',
    serviceName: 'spillway-local-ticking',
    slot: 'blue',
    observed: null,
    desired: settings,
    releaseHash: '00000000000000000000000000000000',
    previousGeneration: 1,
    generation: 2,
    changes: [],
    verdict: 'compatible',
    rollout: 'restart',
    alternatives: [],
    steps: [
      { kind: 'upload', codeKey: settings.codeKey },
      {
        kind: 'update',
        application: 'spillway-local-ticking',
        settings,
        of: 'running',
        rolloutParameters: false,
      },
      { kind: 'gates', application: 'spillway-local-ticking', limitSeconds: 60 },
    ],
    cost: { pauseSeconds: 0, replaySeconds: 0, extraUsd: null },
    sql: { from: null, to: null },
    notices: [],
  };
  const startedAt = new Date('2027-01-15T08:00:00.000Z');
  return { plan, startedAt, startedBy, direction: 'forward', step: 1, facts: {} };
}
