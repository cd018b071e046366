import type { Plan } from '../../../orchestrator/plan/plan';
import type { ObservedWorld, PlanInput, PlanVerdict } from '../../../orchestrator/plan/plan-input';
import { makePlan } from '../../../orchestrator/plan/make-plan';
import type {
  ApplicationSettings,
  ListedOperation,
  ObservedApplication,
  Snapshot,
} from '../../../orchestrator/service/application';
import type { HistoryEntry } from '../../../orchestrator/service/control';

export const now = new Date('2026-11-20T12:00:00Z');

const OLD_HASH = 'a'.repeat(32);
const NEW_HASH = 'b'.repeat(32);

/** A definition with one detection whose window and limit are parameters. */
export const files: ReadonlyMap<string, string> = new Map([
  ['application.json', '{}'],
  ['tables/usage.sql', 'CREATE TABLE t WITH (${delay}, ${start}, ${start_at})'],
  ['detections/heat.sql', 'SELECT ${window}, ${limit}, ${cutover}, ${generation}'],
]);

export const settings: ApplicationSettings = {
  runtime: 'FLINK-2_2',
  serviceRole: 'arn:aws:iam::000000000000:role/x',
  bucket: 'code',
  codeKey: `releases/heat/${OLD_HASH}.jar`,
  parallelism: 2,
  parallelismPerKpu: 1,
  checkpointIntervalSeconds: 10,
  parameters: {
    window: '2m',
    limit: '60000',
    delay: '5s',
    generation: '1',
    cutover: '0',
    start: 'LATEST',
    start_at: '0',
  },
};

export const limitVerdict: PlanVerdict = {
  verdict: 'compatible',
  code: 'condition-after-state',
  reason: 'a condition after the last state',
  node: 'calc',
  detection: 'heat',
};

export const windowVerdict: PlanVerdict = {
  verdict: 'incompatible',
  code: 'over-longer',
  reason: 'rows that the longer frame needs are gone',
  node: 'over-aggregate',
  detection: 'heat',
};

export function application(changes: Partial<ObservedApplication> = {}): ObservedApplication {
  return {
    ...settings,
    parameters: { ...settings.parameters, generation: '3', cutover: '1700000000' },
    name: 'spillway-prod-heat',
    arn: 'arn:aws:kinesisanalytics:us-east-1:000000000000:application/spillway-prod-heat',
    status: 'RUNNING',
    version: 7,
    conditionalToken: 'token',
    createdAt: new Date('2026-11-01T00:00:00Z'),
    ...changes,
  };
}

export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    name: 'last',
    status: 'READY',
    version: 7,
    createdAt: new Date('2026-11-20T11:50:00Z'),
    ...changes,
  };
}

export function operation(changes: Partial<ListedOperation> = {}): ListedOperation {
  return {
    id: 'op',
    kind: 'StartApplication',
    status: 'SUCCESSFUL',
    startedAt: new Date('2026-11-19T00:00:00Z'),
    endedAt: new Date('2026-11-19T00:00:20Z'),
    ...changes,
  };
}

export function historyEntry(changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id: 'p',
    at: new Date('2026-11-19T00:00:00Z'),
    who: 'ada',
    action: 'apply',
    changes: [],
    verdict: 'compatible',
    rollout: 'restart',
    generation: 3,
    releaseHash: OLD_HASH,
    version: 7,
    outcome: 'done',
    tookSeconds: 40,
    ...changes,
  };
}

/** What a test says differs from an application that runs as wanted, as generation 3 in the blue slot. */
export interface Given extends Partial<Omit<PlanInput, 'observed' | 'wanted'>> {
  observed?: Partial<ObservedWorld>;
  wanted?: Partial<PlanInput['wanted']>;
  /** Parameters wanted over those that run. */
  set?: Readonly<Record<string, string>>;
}

export function input({ observed, wanted, set, ...given }: Given = {}): PlanInput {
  const wantedFiles = wanted?.files ?? files;
  const codeKey = wantedFiles === files ? settings.codeKey : `releases/heat/${NEW_HASH}.jar`;
  return {
    application: 'heat',
    environment: { name: 'prod', account: '000000000000', region: 'us-east-1' },
    serviceName: 'spillway-prod-heat',
    madeBy: '1.0.0',
    now,
    generations: {
      generations: [
        { generation: 2, from: 0, slot: 'blue', until: 1_700_000_000 },
        { generation: 3, from: 1_700_000_000, slot: 'blue' },
      ],
      revision: 12,
    },
    rollout: undefined,
    lock: undefined,
    history: [],
    verdicts: [],
    usageRetentionSeconds: 86_400,
    options: {},
    ...given,
    wanted: {
      settings: { ...settings, codeKey, parameters: { ...settings.parameters, ...set } },
      tags: {},
      releaseHash: wantedFiles === files ? OLD_HASH : NEW_HASH,
      files,
      sql: undefined,
      ...wanted,
    },
    observed: {
      live: application(),
      free: undefined,
      tags: {},
      snapshots: [snapshot()],
      operations: [operation()],
      deployed: { files, sql: undefined, changedCode: [] },
      jobState: 'RUNNING',
      ...observed,
    },
  };
}

export function planned(given: Given = {}): Plan {
  return makePlan(input(given));
}

export function kinds(plan: Plan): string[] {
  return plan.steps.map(({ kind }) => kind);
}

export function codes(plan: Plan): string[] {
  return plan.notices.map(({ code }) => code);
}
