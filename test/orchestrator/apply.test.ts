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
import { dynamoDbControl } from '../../orchestrator/service/control-table';
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
  for (const of of ['', '-changing', '-failing', '-returning']) {
    await createControlTable(clients.dynamodb, `orchestrator-test-control${of}`);
  }
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

function applyFile(file: string, environment: string, ...args: string[]): Promise<Ran> {
  const definitions = resolve(__dirname, 'definitions');
  return runSpillway(['apply', file, '--env', environment, '--definitions', definitions, ...args], {
    ...system.environment,
    AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: managedFlink.endpoint,
  });
}

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
    outcome: 'done',
    changed: true,
    rollout: 'create',
    steps: ['upload', 'create', 'register', 'start', 'gates'],
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

test('a changed parameter is shown, and exactly the plan of a file is performed once', async () => {
  expect((await spillway('apply', 'changing')).exitCode).toBe(0);
  const file = join(system.runFolder, 'changing-plan.json');
  const planned = await spillway('plan', 'changing', '--set', 'keys=5', '--out', file);
  expect(planned.exitCode).toBe(2);

  const { exitCode, stdout, stderr } = await applyFile(file, 'changing', '--json');
  expect(stderr).toMatch(/measure|finished/);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done', version: 2, parameters: { keys: '5' } });

  const second = await applyFile(file, 'changing');
  expect(second).toMatchObject({ exitCode: 1, stdout: '' });
  expect(second.stderr).toContain('moved since the plan was made');
  expect(second.stderr).toContain('Plan again');

  const otherPlace = await applyFile(file, 'local');
  expect(otherPlace.stderr).toContain('is a plan for changing: say --env changing');
});

test('while another changes the application, an apply is refused and says who that is', async () => {
  const control = dynamoDbControl(
    'ticking',
    'orchestrator-test-control-changing',
    'us-east-1',
    system.environment,
  );
  const lock = await control.takeLock('alice@laptop', 'replay of ticking', 60);
  const { exitCode, stderr } = await spillway('apply', 'changing', '--set', 'keys=7');
  await control.releaseLock(lock);
  control.close();
  expect(exitCode).toBe(1);
  expect(stderr).toContain('alice@laptop is changing ticking');
  expect(stderr).toContain('replay of ticking');
});

test('a first release in a restart loop is taken back with its cause, and the next apply mends it', async () => {
  const failed = await spillway('apply', 'failing', '--set', 'divisor=0');
  expect(failed.exitCode).toBe(1);
  expect(failed.stdout).toBe('');
  expect(failed.stderr).toContain('runs but is not healthy');
  expect(failed.stderr).toContain('/ by zero');
  expect(failed.stderr).toContain('The create was taken back: ticking (failing) is not there');

  expect((await spillway('apply', 'failing')).exitCode).toBe(0);
});

test('rollback goes back to what ran before, and to any generation of the history', async () => {
  const none = await spillway('rollback', 'returning');
  expect(none.stderr).toContain('has no earlier generation to go back to');
  expect((await spillway('apply', 'returning')).exitCode).toBe(0);
  expect((await spillway('apply', 'returning', '--set', 'keys=5')).exitCode).toBe(0);

  const back = await spillway('rollback', 'returning', '--json');
  expect(back.stderr).toContain('back to generation 1');
  expect(back.exitCode).toBe(0);
  expect(JSON.parse(back.stdout)).toMatchObject({
    outcome: 'done',
    generation: 3,
    parameters: { keys: '3' },
  });

  const forth = await spillway('rollback', 'returning', '--to', '2', '--json');
  expect(JSON.parse(forth.stdout)).toMatchObject({
    outcome: 'done',
    generation: 4,
    parameters: { keys: '5' },
  });

  const unknown = await spillway('rollback', 'returning', '--to', '99');
  expect(unknown).toMatchObject({ exitCode: 1, stdout: '' });
  expect(unknown.stderr).toMatch(/knows no such generation; there are [\d, ]+/);
});

test('a release bucket that is not there is a friendly error', async () => {
  const environments = resolve(__dirname, 'definitions', 'no-bucket.json');
  const { exitCode, stderr } = await spillway('apply', 'local', '--environments', environments);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('no-such-bucket');
  expect(stderr).toContain('correct codeBucket in environments.json');
});
