import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { destroyClients, localClients } from '../../../infra/local/clients';
import { createControlTable } from '../../../infra/local/control-table';
import { type ManagedFlink, startManagedFlink } from '../../../infra/local/managed-flink/server';
import { repositoryRoot } from '../../../infra/local/processes/work-folder';
import type { Plan, RolloutKind } from '../../../orchestrator/plan/plan';
import { liveSlot, slotName } from '../../../orchestrator/plan/slots';
import type { Control, RolloutRecord } from '../../../orchestrator/service/control';
import { dynamoDbControl } from '../../../orchestrator/service/control-table';
import { managedFlink } from '../../../orchestrator/service/managed-flink';
import { eventually } from '../../parts/eventually';
import { warmSystem } from '../../parts/warm-system';
import { type Ran, runSpillway } from '../run-spillway';

// A real process of `spillway apply` is killed at a step; then `plan` describes what it left, and the next apply
// finishes it or takes it back. In npm test two of them, in `npm run test:full` each step of each rollout.
const NAME = 'rollout-killed';
const system = warmSystem();
const full = process.env['SPILLWAY_FULL'] === '1';
const environments = join(system.runFolder, NAME, 'environments.json');
const made = new Set<string>();
let service: ManagedFlink;
let variables: Record<string, string>;

/** The kinds of the steps of each rollout, in order, as the planner makes them for this application. */
const STEPS: Partial<Record<RolloutKind, readonly string[]>> = {
  create: ['upload', 'create', 'register', 'start', 'gates'],
  restart: ['register', 'snapshot', 'update', 'gates'],
  replay: ['measure', 'register', 'stop', 'update', 'start', 'gates'],
  handover: [
    ...['measure', 'create', 'register', 'start', 'gates', 'switch', 'await-cutover', 'gates', 'stop'],
  ],
};

beforeAll(async () => {
  const folder = join(system.runFolder, NAME);
  mkdirSync(folder, { recursive: true });
  writeFileSync(environments, '{}');
  service = await startManagedFlink({
    flinkRestUrl: system.flinkRestUrl,
    environment: system.environment,
    folder: join(folder, 'managed-flink'),
  });
  variables = { ...system.environment, AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: service.endpoint };
  const clients = localClients(system.environment);
  await clients.s3.send(new CreateBucketCommand({ Bucket: NAME }));
  // What a handover that is taken back after its switch puts again, is read from it.
  await clients.kinesis.send(new CreateStreamCommand({ StreamName: `${NAME}-excess`, ShardCount: 1 }));
  destroyClients(clients);
});

afterAll(async () => {
  const flink = managedFlink('us-east-1', variables);
  for (const place of made) await removeAll(place, flink);
  flink.close();
  await service.stop();
});

async function removeAll(place: string, flink: ReturnType<typeof managedFlink>): Promise<void> {
  for (const slot of ['blue', 'green'] as const) {
    const name = slotName(`spillway-${place}-ticking`, slot);
    const observed = await flink.describe(name);
    if (observed === undefined) continue;
    if (observed.status !== 'DELETING') await flink.delete(observed);
    await eventually(`${name} to be gone`, async () => (await flink.describe(name)) === undefined);
  }
}

/** An environment of its own with its own control table. */
async function newPlace(place: string): Promise<Control> {
  made.add(place);
  const entry = (name: string): [string, object] => [
    name,
    {
      region: 'us-east-1',
      account: '000000000000',
      codeBucket: NAME,
      controlTable: `${NAME}-${name}`,
      streams: { usage: 'none', excess: `${NAME}-excess`, setAside: 'none' },
      checkpointInterval: '1s',
    },
  ];
  writeFileSync(environments, JSON.stringify(Object.fromEntries([...made].map(entry))));
  const clients = localClients(system.environment);
  await createControlTable(clients.dynamodb, `${NAME}-${place}`);
  destroyClients(clients);
  return dynamoDbControl('ticking', `${NAME}-${place}`, 'us-east-1', system.environment);
}

const argumentsOf = (command: string, place: string, more: readonly string[]): string[] => [
  ...[command, 'ticking', '--env', place, '--environments', environments],
  ...['--definitions', resolve(__dirname, '../definitions'), ...more],
];

const spillway = (command: string, place: string, ...more: string[]): Promise<Ran> =>
  runSpillway(argumentsOf(command, place, more), variables);

function spawnApply(place: string, more: readonly string[]): ChildProcess {
  const args = argumentsOf('apply', place, ['--lease', '4s', ...more]);
  return spawn(process.execPath, ['-r', './infra/local/typescript.js', 'orchestrator/main.ts', ...args], {
    cwd: repositoryRoot,
    env: { ...process.env, ...variables },
    stdio: 'ignore',
  });
}

/** Runs an apply, kills it as soon as it has come to the step, and waits until its lock has run out. */
async function killAt(
  step: number,
  place: string,
  control: Control,
  more: readonly string[],
): Promise<RolloutRecord> {
  const child = spawnApply(place, more);
  const ended = once(child, 'exit');
  let record: RolloutRecord | undefined;
  while (child.exitCode === null) {
    record = await control.rollout();
    if (record !== undefined && record.step >= step) break;
    await pause(5);
  }
  child.kill('SIGKILL');
  await ended;
  record = await control.rollout();
  if (record === undefined) throw new Error(`the apply ended before it could be killed at step ${step}`);
  await eventually('the lock of the killed apply to run out', async () => {
    const lock = await control.readLock();
    return lock === undefined || lock.until.getTime() <= Date.now();
  });
  return record;
}

/** The options that bring about a rollout of what runs. */
const OPTIONS: Partial<Record<RolloutKind, readonly string[]>> = {
  create: [],
  restart: ['--rollout', 'restart'],
  replay: ['--rollout', 'replay'],
  handover: ['--rollout', 'handover'],
};

const every = Object.entries(STEPS).flatMap(([kind, steps]) =>
  steps.flatMap((step, index) => [
    { kind: kind as RolloutKind, index, step, then: 'finished' as const },
    { kind: kind as RolloutKind, index, step, then: 'taken back' as const },
  ]),
);
const few = every.filter(
  ({ kind, step, then }) =>
    (kind === 'restart' && step === 'update' && then === 'finished') ||
    (kind === 'replay' && step === 'start' && then === 'taken back'),
);

test.each(full ? every : few)(
  '$kind killed at step $index ($step) is $then',
  async ({ kind, index, then }) => {
    const place = `${kind}-${index}-${then === 'finished' ? 'f' : 'b'}`;
    const control = await newPlace(place);
    const flink = managedFlink('us-east-1', variables);
    const options = OPTIONS[kind] ?? [];
    if (kind !== 'create') expect((await spillway('apply', place)).exitCode).toBe(0);
    const before = (await control.generations()).generations;
    const planned = JSON.parse((await spillway('plan', place, '--json', ...options)).stdout) as {
      plan: Plan;
    };
    expect(planned.plan.steps.map((step) => step.kind)).toEqual(STEPS[kind]);

    const record = await killAt(index, place, control, options);
    expect(record.step).toBeGreaterThanOrEqual(index);
    expect(record.plan.rollout).toBe(kind);
    const described = await spillway('plan', place, ...options);
    expect(described.stdout).toContain('[rollout-interrupted]');

    const more = then === 'finished' ? options : ['--take-back'];
    const next = await spillway('apply', place, ...more);
    const { generations } = await control.generations();
    const live = await flink.describe(slotName(`spillway-${place}-ticking`, liveSlot(generations)));
    expect(await control.rollout()).toBeUndefined();
    const [newest] = await control.history(1);
    if (then === 'finished') {
      expect(next).toMatchObject({ exitCode: 0 });
      expect(newest).toMatchObject({ outcome: 'done', rollout: kind });
      expect(live).toMatchObject({ status: 'RUNNING' });
      expect(live?.parameters['generation']).toBe(String(record.plan.generation));
    } else {
      expect(next.exitCode).toBe(1);
      expect(['taken back', 'failed']).toContain(newest?.outcome);
      // What was heard is heard as before, and nothing else.
      expect(generations.filter(({ shadow }) => shadow !== true)).toEqual(before);
      expect(live?.status).toBe(kind === 'create' ? undefined : 'RUNNING');
    }
    const again = await spillway('apply', place);
    expect(again.exitCode).toBe(0);
    control.close();
    await removeAll(place, flink);
    flink.close();
  },
  240_000,
);
