import type { Plan, Step } from '../../../orchestrator/plan/plan';

// The steps of each rollout as the planner makes them, of the ticking application.

interface Of {
  settings: Plan['desired'];
  generation: number;
  /** The names in the service. */
  blue: string;
  green: string;
}

export type StepsOf = (of: Of) => Step[];

const GATES_SECONDS = 60;

export const createSteps = ({ settings, generation, blue }: Of): Step[] => [
  { kind: 'upload', codeKey: settings.codeKey },
  { kind: 'create', application: blue, settings, rolloutParameters: false },
  { kind: 'register', generation, slot: 'blue', shadow: false },
  { kind: 'start', application: blue, state: 'none' },
  { kind: 'gates', application: blue, limitSeconds: GATES_SECONDS },
];

export const restartSteps = ({ settings, generation, blue }: Of): Step[] => [
  { kind: 'upload', codeKey: settings.codeKey },
  { kind: 'register', generation, slot: 'blue', shadow: false },
  { kind: 'snapshot', application: blue, snapshot: `before-generation-${generation}` },
  { kind: 'update', application: blue, settings, of: 'running', rolloutParameters: false },
  { kind: 'gates', application: blue, limitSeconds: GATES_SECONDS },
];

export const replaySteps = ({ settings, generation, blue }: Of): Step[] => [
  { kind: 'upload', codeKey: settings.codeKey },
  { kind: 'measure', application: blue, lookBackSeconds: 125, marginSeconds: 60 },
  { kind: 'register', generation, slot: 'blue', shadow: false },
  { kind: 'stop', application: blue },
  { kind: 'update', application: blue, settings, of: 'stopped', rolloutParameters: true },
  { kind: 'start', application: blue, state: 'none' },
  { kind: 'gates', application: blue, lagSeconds: 10, limitSeconds: GATES_SECONDS },
];

export const handoverSteps = ({ settings, generation, blue, green }: Of): Step[] => [
  { kind: 'upload', codeKey: settings.codeKey },
  { kind: 'measure', application: blue, lookBackSeconds: 125, marginSeconds: 60 },
  { kind: 'create', application: green, settings, rolloutParameters: true },
  { kind: 'register', generation, slot: 'green', shadow: true },
  { kind: 'start', application: green, state: 'none' },
  { kind: 'gates', application: green, lagSeconds: 10, limitSeconds: GATES_SECONDS },
  { kind: 'switch', generation, leadSeconds: 3 },
  { kind: 'await-cutover', old: blue, new: green, limitSeconds: GATES_SECONDS },
  { kind: 'gates', application: green, limitSeconds: GATES_SECONDS },
  { kind: 'stop', application: blue },
];

/** A plan of these steps, for what is pure. */
export function planWith(stepsOf: StepsOf): Plan {
  const settings: Plan['desired'] = {
    runtime: 'FLINK-2_2',
    serviceRole: 'arn:aws:iam::000000000000:role/flink',
    bucket: 'code',
    codeKey: 'releases/ticking/1.jar',
    parallelism: 1,
    parallelismPerKpu: 1,
    checkpointIntervalSeconds: 1,
    parameters: { rate: '20' },
  };
  return {
    schemaVersion: 1,
    id: 'plan',
    madeBy: '0.1.0',
    madeAt: '2026-11-05T10:00:00.000Z',
    application: 'ticking',
    environment: 'local',
    account: '000000000000',
    region: 'us-east-1',
    serviceName: 'blue',
    slot: 'blue',
    observed: { status: 'RUNNING', version: 1, conditionalToken: 'token', settings },
    desired: settings,
    releaseHash: '1',
    previousGeneration: 1,
    generation: 2,
    generationsRevision: 1,
    changes: [],
    verdict: 'none',
    rollout: 'replay',
    alternatives: [],
    steps: stepsOf({ settings, generation: 2, blue: 'blue', green: 'green' }),
    cost: { pauseSeconds: 0, replaySeconds: 0, extraUsd: null },
    sql: { from: null, to: null },
    notices: [],
  };
}
