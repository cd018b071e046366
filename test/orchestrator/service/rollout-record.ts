import { PLAN_VERSION, type Plan } from '../../../orchestrator/plan/plan';
import type { HistoryEntry, RolloutRecord } from '../../../orchestrator/service/control';

const settings: Plan['desired'] = {
  runtime: 'FLINK-2_2',
  serviceRole: 'arn:aws:iam::000000000000:role/spillway-local-flink',
  bucket: 'code',
  codeKey: 'releases/throttle-1.jar',
  parallelism: 2,
  parallelismPerKpu: 1,
  checkpointIntervalSeconds: 5,
  parameters: { limit: '60000' },
};

/** A plan that restarts throttle. */
export const restartPlan: Plan = {
  schemaVersion: PLAN_VERSION,
  id: 'plan-1',
  madeBy: '0.1.0',
  madeAt: '2026-11-05T10:00:00.000Z',
  application: 'throttle',
  environment: 'local',
  account: '000000000000',
  region: 'us-east-1',
  serviceName: 'spillway-local-throttle',
  slot: 'blue',
  observed: null,
  generationsRevision: 1,
  desired: settings,
  releaseHash: 'abc',
  previousGeneration: 1,
  generation: 2,
  changes: [],
  verdict: 'compatible',
  rollout: 'restart',
  alternatives: ['replay'],
  steps: [{ kind: 'snapshot', application: 'spillway-local-throttle', snapshot: 'before-2' }],
  cost: { pauseSeconds: 20, replaySeconds: 0, extraUsd: null },
  sql: { from: null, to: 'INSERT INTO excess SELECT …' },
  notices: [],
};

/** A rollout in the middle of it. */
export const rolloutUnderWay: RolloutRecord = {
  plan: restartPlan,
  startedAt: new Date('2026-11-05T10:00:01.250Z'),
  startedBy: 'alice@laptop',
  direction: 'forward',
  step: 1,
  facts: { finishedUntil: 1_790_000_000, snapshot: 'before-2', operations: { 1: 'op-1' } },
};

/** The line of a history for a moment. */
export const entryAt = (at: string, id = 'plan-1'): HistoryEntry => ({
  id,
  at: new Date(at),
  who: 'alice@laptop',
  action: 'apply',
  changes: ['parameter limit: 60000 → 30000'],
  verdict: 'compatible',
  rollout: 'restart',
  generation: 2,
  releaseHash: 'abc',
  version: 7,
  outcome: 'done',
  tookSeconds: 31.5,
});
