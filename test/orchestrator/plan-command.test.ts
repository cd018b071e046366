import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  KinesisAnalyticsV2Client,
  ListApplicationsCommand,
  StopApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { destroyClients, localClients } from '../../infra/local/clients';
import { createControlTable } from '../../infra/local/control-table';
import { type ManagedFlink, startManagedFlink } from '../../infra/local/managed-flink/server';
import type { Plan } from '../../orchestrator/plan/plan';
import { readPlanFile } from '../../orchestrator/plan/plan-file';
import { SPILLWAY_VERSION } from '../../orchestrator/version';
import { uniqueName } from '../infra/local/event-sources/streams-of-one-test';
import { untilThere } from '../infra/local/managed-flink/until-there';
import { warmSystem } from '../parts/warm-system';
import { type Ran, runSpillway } from './run-spillway';

// `spillway plan` against S3, the control table, the Managed Flink endpoint and Flink, before and after an apply.
const system = warmSystem();
const name = uniqueName('planning');
const definitions = join(system.runFolder, name);
const clients = localClients(system.environment);
let managedFlink: ManagedFlink;
let service: KinesisAnalyticsV2Client;

beforeAll(async () => {
  managedFlink = await startManagedFlink({
    flinkRestUrl: system.flinkRestUrl,
    environment: system.environment,
    folder: join(system.runFolder, `managed-flink-${name}`),
  });
  service = new KinesisAnalyticsV2Client({
    ...{ region: 'us-east-1', endpoint: managedFlink.endpoint },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
  await createControlTable(clients.dynamodb, name);
  // A copy of its own, so that a test may edit it.
  cpSync(resolve(__dirname, 'definitions'), definitions, { recursive: true });
  const environments = readFileSync(join(definitions, 'environments.json'), 'utf8');
  const { local } = JSON.parse(environments) as { local: object };
  const own = { ...local, codeBucket: name, controlTable: name };
  writeFileSync(join(definitions, 'environments.json'), JSON.stringify({ local: own }));
});

afterAll(async () => {
  // Gives the task slot back.
  const ready = async (): Promise<true | undefined> => {
    const { ApplicationSummaries: now = [] } = await service.send(new ListApplicationsCommand({}));
    for (const { ApplicationName, ApplicationStatus } of now) {
      if (ApplicationStatus !== 'RUNNING') continue;
      await service.send(new StopApplicationCommand({ ApplicationName, Force: true }));
    }
    return now.every(({ ApplicationStatus }) => ApplicationStatus === 'READY') ? true : undefined;
  };
  await untilThere('all applications to be READY', ready);
  service.destroy();
  destroyClients(clients);
  await managedFlink.stop();
});

function spillway(command: string, ...args: string[]): Promise<Ran> {
  return runSpillway([command, 'ticking', '--env', 'local', '--definitions', definitions, ...args], {
    ...system.environment,
    AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: managedFlink.endpoint,
  });
}

async function planOf(...args: string[]): Promise<{ exitCode: number; plan: Plan }> {
  const { exitCode, stdout, stderr } = await spillway('plan', '--json', ...args);
  if (stdout === '') throw new Error(stderr);
  return { exitCode, plan: (JSON.parse(stdout) as { plan: Plan }).plan };
}

test('what is not there is planned, and nothing is written for it', async () => {
  const { exitCode, plan } = await planOf();
  expect(exitCode).toBe(2);
  expect(plan).toMatchObject({ rollout: 'create', generation: 1, observed: null });
  expect(plan.sql.to).toContain('INSERT INTO counts');

  const { ApplicationSummaries } = await service.send(new ListApplicationsCommand({}));
  expect(ApplicationSummaries).toEqual([]);
  expect((await clients.s3.send(new ListObjectsV2Command({ Bucket: name }))).Contents ?? []).toEqual([]);
  expect((await clients.dynamodb.send(new ScanCommand({ TableName: name }))).Items).toEqual([]);
});

test('after an apply nothing is left to do, until something is wanted otherwise', async () => {
  expect((await spillway('apply')).exitCode).toBe(0);
  const done = await spillway('plan');
  expect(done.stdout).toContain('nothing to do: it runs as its files say');
  expect(done.exitCode).toBe(0);

  const file = join(definitions, 'plan.json');
  const { exitCode, plan } = await planOf('--set', 'keys=4', '--out', file);
  expect(exitCode).toBe(2);
  expect(plan.changes).toMatchObject([{ what: 'parameter keys', from: '3', to: '4' }]);
  expect(readPlanFile(file, SPILLWAY_VERSION)).toEqual(plan);

  const shown = await spillway('plan', '--set', 'keys=4');
  expect(shown.stdout).toContain("-    'fields.k.max' = '3'\n+    'fields.k.max' = '4'\n");
  expect(shown.stdout).toContain('next: spillway apply ticking --env local --set keys=4\n');

  // What runs comes out of its JAR in the code bucket.
  const detection = join(definitions, 'ticking', 'detections', 'count.sql');
  writeFileSync(detection, `-- For people.\n${readFileSync(detection, 'utf8')}`);
  expect((await planOf()).plan).toMatchObject({
    verdict: 'compatible',
    changes: [{ what: 'detection count', code: 'same-plan' }],
    steps: [{ kind: 'upload' }, {}, {}, {}, {}],
  });
});

test('what a person may not choose is refused, with what they may', async () => {
  const refusal = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await spillway('plan', ...args);
    expect([exitCode, stdout]).toEqual([1, '']);
    return stderr;
  };
  expect(await refusal('--rollout', 'replya')).toContain('did you mean "replay"?');
  expect(await refusal('--max-pause', 'soon')).toContain('write whole seconds or minutes, such as 10s or 2m');
  expect(await refusal('--set', 'generation=4')).toContain(
    'rollouts set generation, cutover, start, start_at themselves',
  );
  expect(await refusal('--rollout', 'restart', '--set', 'keys=4')).toContain('--rollout restart');
});
