import { join, resolve } from 'node:path';
import {
  KinesisAnalyticsV2Client,
  ListApplicationsCommand,
  StopApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { destroyClients, localClients } from '../../infra/local/clients';
import { createControlTable } from '../../infra/local/control-table';
import { type ManagedFlink, startManagedFlink } from '../../infra/local/managed-flink/server';
import { untilThere } from '../infra/local/managed-flink/until-there';
import { warmSystem } from '../parts/warm-system';
import { type Ran, runSpillway } from './run-spillway';

// The command line against S3, the Managed Flink endpoint and Flink; the ticking application has state and needs
// no stream. Each test has an environment of its own.
const system = warmSystem();
let managedFlink: ManagedFlink;

beforeAll(async () => {
  managedFlink = await startManagedFlink({
    flinkRestUrl: system.flinkRestUrl,
    environment: system.environment,
    folder: join(system.runFolder, 'managed-flink-apply'),
  });
  const clients = localClients(system.environment);
  await clients.s3.send(new CreateBucketCommand({ Bucket: 'orchestrator-test-code' }));
  await createControlTable(clients.dynamodb, 'orchestrator-test-control');
  destroyClients(clients);
});

afterAll(async () => {
  // Gives the task slots back.
  const client = new KinesisAnalyticsV2Client({
    ...{ region: 'us-east-1', endpoint: managedFlink.endpoint },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { ApplicationSummaries: summaries = [] } = await client.send(new ListApplicationsCommand({}));
  for (const { ApplicationName } of summaries.filter(({ ApplicationStatus: s }) => s === 'RUNNING')) {
    await client.send(new StopApplicationCommand({ ApplicationName, Force: true }));
  }
  await untilThere('all applications to be READY', async () => {
    const { ApplicationSummaries: now = [] } = await client.send(new ListApplicationsCommand({}));
    return now.every(({ ApplicationStatus }) => ApplicationStatus === 'READY') ? true : undefined;
  });
  client.destroy();
  await managedFlink.stop();
});

function spillway(command: string, environment: string, ...args: string[]): Promise<Ran> {
  const definitions = resolve(__dirname, 'definitions');
  return runSpillway([command, 'ticking', '--env', environment, '--definitions', definitions, ...args], {
    ...system.environment,
    AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: managedFlink.endpoint,
  });
}

test('the first apply creates and starts the application and waits until it is healthy', async () => {
  const before = await spillway('status', 'local');
  expect(before.stdout).toContain('is not there: create it with `spillway apply ticking --env local`');

  const { exitCode, stdout, stderr } = await spillway('apply', 'local', '--json');
  expect(stderr).toContain('checkpoint done:');
  expect(exitCode).toBe(0);
  const applied = JSON.parse(stdout) as { release: string };
  expect(applied).toMatchObject({
    schemaVersion: 1,
    changed: true,
    steps: ['upload', 'create', 'start'],
    version: 1,
    job: { state: 'RUNNING', restarts: 0 },
  });

  const status = await spillway('status', 'local', '--json');
  expect(JSON.parse(status.stdout)).toMatchObject({
    applications: [
      {
        serviceName: 'spillway-local-ticking',
        status: 'RUNNING',
        version: 1,
        release: applied.release,
        parameters: { rate: '20', divisor: '1', keys: '3' },
        job: { state: 'RUNNING' },
      },
    ],
  });
  expect((await spillway('status', 'local')).stdout).toMatch(/checkpoint done +yes: \d+ completed/);

  const again = await spillway('apply', 'local');
  expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing to do') as string });
});

test('a changed parameter is shown, and brought in without carrying state', async () => {
  await spillway('apply', 'changing');
  const { exitCode, stdout, stderr } = await spillway('apply', 'changing', '--set', 'rate=50', '--json');
  expect(exitCode).toBe(0);
  expect(stderr).toContain('parameter rate  20 -> 50');
  expect(stderr).toContain('its state is dropped');
  expect(JSON.parse(stdout)).toMatchObject({ steps: ['upload', 'stop', 'update', 'start'], version: 2 });
});

test('a restart loop fails the apply with its cause, and the next apply mends it', async () => {
  const failed = await spillway('apply', 'failing', '--set', 'divisor=0');
  expect(failed.exitCode).toBe(1);
  expect(failed.stdout).toBe('');
  expect(failed.stderr).toContain('runs but is not healthy');
  expect(failed.stderr).toContain('/ by zero');
  expect((await spillway('status', 'failing')).stdout).toMatch(/no restarts +NO: restarted/);

  // Between two failures it runs, with all its tasks: that is not taken for health.
  const again = await spillway('apply', 'failing', '--set', 'divisor=0');
  expect(again.exitCode).toBe(1);
  expect(again.stdout).toBe('');

  const mended = await spillway('apply', 'failing');
  expect(mended.stderr).toContain('stopping it by force');
  expect(mended.exitCode).toBe(0);
});

test('a release bucket that is not there is a friendly error', async () => {
  const environments = resolve(__dirname, 'definitions', 'no-bucket.json');
  const { exitCode, stderr } = await spillway('apply', 'local', '--environments', environments);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('no-such-bucket');
  expect(stderr).toContain('correct codeBucket in environments.json');
});
