import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  AddApplicationCloudWatchLoggingOptionCommand,
  DescribeApplicationCommand,
  KinesisAnalyticsV2Client,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { destroyClients, localClients } from '../../../infra/local/clients';
import { createControlTable } from '../../../infra/local/control-table';
import { type LocalLambda, startLambda } from '../../../infra/local/lambda/server';
import { type ManagedFlink, startManagedFlink } from '../../../infra/local/managed-flink/server';
import { managedFlink as managedFlinkPort } from '../../../orchestrator/service/managed-flink';
import { dynamoDbControl } from '../../../orchestrator/service/control-table';
import type { Control } from '../../../orchestrator/service/control';
import { warmSystem } from '../../parts/warm-system';
import { type Ran, runSpillway } from '../run-spillway';
import { startLogEvents } from '../stand-ins/log-events';
import { interruptedRollout, takenBack } from './interrupted-rollout';

// The commands that look after what runs, against S3, DynamoDB, the Managed Flink endpoint and Flink. One application
// goes through all of them, so the tests build on each other, as a person's day does.
const system = warmSystem();
const name = 'operating-test';
const keys = { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const definitions = resolve(__dirname, '..', 'definitions');
let managedFlink: ManagedFlink;
let lambda: LocalLambda;
let environment: Readonly<Record<string, string>>;
let environments: string;
let control: Control;

beforeAll(async () => {
  managedFlink = await startManagedFlink({
    flinkRestUrl: system.flinkRestUrl,
    environment: system.environment,
    folder: join(system.runFolder, name, 'managed-flink'),
  });
  // A region without the operator function.
  const estimator = (): Promise<void> => Promise.resolve();
  lambda = await startLambda({ functions: new Map([['estimator', estimator]]), log: () => undefined });
  environment = {
    ...system.environment,
    AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: managedFlink.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
  };
  environments = join(system.runFolder, name, 'environments.json');
  mkdirSync(join(system.runFolder, name), { recursive: true });
  const local = {
    region: 'us-east-1',
    account: '000000000000',
    codeBucket: `${name}-code`,
    controlTable: `${name}-control`,
    streams: { usage: `${name}-usage`, excess: 'none', setAside: 'none' },
    // The control table has no stream.
    tables: [`${name}-protected`, `${name}-control`],
    functions: { estimator: 'estimator', alerter: 'alerter' },
    failedBatchBucket: 'none-there',
    checkpointInterval: '1s',
  };
  writeFileSync(environments, JSON.stringify({ local }));
  const settings = { region: 'us-east-1', ...keys };
  const s3 = new S3Client({
    ...settings,
    endpoint: environment['AWS_ENDPOINT_URL_S3'] ?? '',
    forcePathStyle: true,
  });
  const dynamodb = new DynamoDBClient({
    ...settings,
    endpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
  });
  await s3.send(new CreateBucketCommand({ Bucket: local.codeBucket }));
  await createControlTable(dynamodb, local.controlTable);
  await dynamodb.send(
    new CreateTableCommand({
      TableName: `${name}-protected`,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const clients = localClients(environment);
  await clients.kinesis.send(new CreateStreamCommand({ StreamName: local.streams.usage, ShardCount: 1 }));
  destroyClients(clients);
  s3.destroy();
  dynamodb.destroy();
  control = dynamoDbControl('ticking', local.controlTable, 'us-east-1', environment);
});

afterAll(async () => {
  control.close();
  // Gives the task slots back, also where a test failed in the middle.
  managedFlink.control.troubles.clear();
  await spillway('destroy', 'ticking', '--confirm', 'ticking');
  await managedFlink.stop();
  await lambda.stop();
});

function spillway(...args: string[]): Promise<Ran> {
  return runSpillway([...args, '--definitions', definitions, '--environments', environments], environment);
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await spillway(...args, '--json');
  if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('what is not there yet, and what is no application at all', async () => {
  const early = await spillway('stop', 'ticking');
  expect(early).toMatchObject({ exitCode: 1, stdout: '' });
  expect(early.stderr).toContain('create it with `spillway apply ticking --env local`');
  const unknown = await spillway('status', 'tickng');
  expect(unknown.exitCode).toBe(1);
  expect(unknown.stderr).toContain('there is no application "tickng" (did you mean "ticking"?)');
});

test('before the first apply, doctor says that there is one to come', async () => {
  const { stdout } = await spillway('doctor', 'ticking');
  expect(stdout).toMatch(
    /application +ticking was never applied\n +do: +spillway plan ticking --env local, then apply/,
  );
});

test('snapshots are taken, listed and deleted', async () => {
  expect((await spillway('apply', 'ticking')).exitCode).toBe(0);
  const taken = await spillway('snapshots', 'create', 'ticking', '--name', 'before-the-sale');
  expect(taken).toMatchObject({
    exitCode: 0,
    stdout: 'snapshot before-the-sale of ticking (local) is there\n',
  });
  expect((await spillway('snapshots', 'list')).stdout).toMatch(
    /^snapshot +status +of +taken\nbefore-the-sale +READY +version 1 +\d+ s ago\n$/,
  );
  const wrong = await spillway('snapshots', 'delete', 'ticking', 'before-the-sales');
  expect(wrong.stderr).toContain('no snapshot "before-the-sales" (did you mean "before-the-sale"?)');
  expect((await spillway('snapshots', 'delete', 'ticking', 'before-the-sale')).exitCode).toBe(0);
  expect(await json('snapshots', 'list')).toMatchObject({ schemaVersion: 1, snapshots: [] });
});

test('scale restarts with the state carried, and says that the files differ now', async () => {
  const { exitCode, stdout } = await spillway('scale', 'ticking', '--parallelism', '2');
  expect(stdout).toContain('ticking (local) runs with parallelism 2, 1 per KPU and is healthy');
  expect(stdout).toContain('ticking/application.json says parallelism 1, 1 per KPU');
  expect(exitCode).toBe(0);
  expect((await spillway('scale', 'ticking', '--parallelism', '2')).stdout).toContain('nothing to do');
  const tooMany = await spillway('scale', 'ticking', '--parallelism', '129');
  expect(tooMany.stderr).toContain('--parallelism is "129", but it is a whole number from 1 to 128');
});

test('a scale that fails is taken back, and the log says why', async () => {
  const reason = 'there is no room for it';
  managedFlink.control.troubles.add({
    kind: 'fail',
    operation: 'UpdateApplication',
    point: 'launch',
    reason,
  });
  const failed = await spillway('scale', 'ticking', '--parallelism', '1');
  expect(failed).toMatchObject({ exitCode: 1, stdout: '' });
  expect(failed.stderr).toContain(`${reason}; it is taken back to parallelism 2, 1 per KPU`);
  expect(await json('status', 'ticking')).toMatchObject({
    applications: [{ status: 'RUNNING', parallelism: 2 }],
  });
  const log = await spillway('logs', 'ticking');
  expect(log.stdout).toMatch(/ service {2}ERROR {2}UpdateApplication failed: .*there is no room for it\n/);
  expect(log.stdout).toContain('note: ticking (local) has no logging option');
});

test('while someone else holds the lock, nothing is changed', async () => {
  const lock = await control.takeLock('other@host', 'apply', 60);
  const refused = await spillway('stop', 'ticking');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('other@host is changing ticking');
  expect((await spillway('status', 'ticking')).stdout).toMatch(/lock +held by other@host since .*: apply\n/);
  await control.releaseLock(lock);
});

test('a rollout that was interrupted is shown, and goes first', async () => {
  const lock = await control.takeLock('other@host', 'apply', 60);
  await control.writeRollout(interruptedRollout('other@host'), lock);
  await control.releaseLock(lock);
  expect((await spillway('status', 'ticking')).stdout).toMatch(
    /rollout +restart by other@host since .* stopped at step 2 of 3 \(snapshot\): `spillway apply` finishes it/,
  );
  const refused = await spillway('scale', 'ticking', '--parallelism', '1');
  expect(refused.stderr).toContain('a rollout of ticking by other@host from');
});

test('stop takes a snapshot, and start goes on from it', async () => {
  await endInterrupted();
  const stopped = await json('stop', 'ticking');
  expect(stopped).toMatchObject({ changed: true, status: 'READY', snapshot: expect.any(String) as string });
  expect((await spillway('stop', 'ticking')).stdout).toContain('nothing to do');
  const needed = await spillway('snapshots', 'delete', 'ticking', String(stopped['snapshot']));
  expect(needed.stderr).toContain('is the snapshot that it goes on from');
  expect((await spillway('start', 'ticking', '--from', 'nothing')).stderr).toContain(
    'has no snapshot "nothing"',
  );

  expect(await json('start', 'ticking')).toMatchObject({
    changed: true,
    status: 'RUNNING',
    from: `snapshot ${String(stopped['snapshot'])}`,
  });
});

test('what is stuck says since when, and what ends it', async () => {
  await spillway('stop', 'ticking');
  managedFlink.control.troubles.add({ kind: 'hold', operation: 'StartApplication', point: 'launch' });
  const service = managedFlinkPort('us-east-1', environment);
  await service.start('spillway-local-ticking', 'latest');
  service.close();
  const refused = await spillway('scale', 'ticking', '--parallelism', '1');
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toMatch(/is STARTING since \d+ s \(StartApplication\): wait; if it does not end/);
  expect((await spillway('status', 'ticking')).stdout).toMatch(/busy +ticking \(local\) is STARTING since/);
  expect((await spillway('logs', 'ticking')).stdout).toContain(
    'Flink tells its exceptions only while it runs',
  );

  const forced = await spillway('stop', 'ticking', '--force');
  expect(forced.stdout).toContain('ticking (local) is stopped without a snapshot');
  expect((await spillway('start', 'ticking')).exitCode).toBe(0);
});

test('status is watched line by line where there is no terminal', async () => {
  const { exitCode, stdout } = await spillway('status', 'ticking', '--watch', '--for', '1s');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^\S+Z {2}ticking \(local\)\n\S+Z {4}status +RUNNING, version \d+\n/);
  expect((await spillway('status', '--for', '1s')).stderr).toContain('add --watch');
});

test('history tells who did what, and what the service did besides', async () => {
  const { lines } = (await json('history', 'ticking')) as { lines: { kind: string; action?: string }[] };
  expect(lines.flatMap(({ action }) => action ?? [])).toEqual([
    ...['start', 'stop', 'stop', 'start', 'stop', 'apply', 'scale', 'scale', 'apply'],
  ]);
  const text = (await spillway('history', 'ticking')).stdout;
  expect(text).toMatch(/scale: restart +compatible +1 +done +parallelism 1, 1 per KPU -> parallelism 2/);
  expect(text).toMatch(/scale: restart +compatible +1 +taken back: .*no room/);
  expect((await spillway('history', 'ticking', '--limit', 'all')).stderr).toContain('--limit is "all"');
});

test('the application’s log in CloudWatch is shown by time', async () => {
  const at = Date.now();
  const message = JSON.stringify({ messageType: 'WARN', logger: 'spillway.runner', message: 'slow' });
  const logEvents = await startLogEvents(new Map([['/spillway:ticking', [{ timestamp: at, message }]]]));
  const client = new KinesisAnalyticsV2Client({
    region: 'us-east-1',
    endpoint: managedFlink.endpoint,
    ...keys,
  });
  const { ApplicationDetail } = await client.send(
    new DescribeApplicationCommand({ ApplicationName: 'spillway-local-ticking' }),
  );
  await client.send(
    new AddApplicationCloudWatchLoggingOptionCommand({
      ApplicationName: 'spillway-local-ticking',
      CurrentApplicationVersionId: ApplicationDetail?.ApplicationVersionId,
      CloudWatchLoggingOption: {
        LogStreamARN: 'arn:aws:logs:us-east-1:000000000000:log-group:/spillway:log-stream:ticking',
      },
    }),
  );
  client.destroy();
  const args = ['logs', 'ticking', '--definitions', definitions, '--environments', environments];
  const log = await runSpillway(args, {
    ...environment,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logEvents.endpoint,
  });
  await logEvents.stop();
  expect(log.stdout).toContain(`${new Date(at).toISOString()}  log      WARN  spillway.runner: slow\n`);
});

test('doctor says what is wrong, what is right and what it cannot tell', async () => {
  const { exitCode, stdout } = await spillway('doctor', 'ticking', '--json');
  const { checks } = JSON.parse(stdout) as {
    checks: { code: string; findings: { is: string; detail: string }[] }[];
  };
  const found = Object.fromEntries(checks.map(({ code, findings }) => [code, findings.map(({ is }) => is)]));
  expect(found).toMatchObject({
    account: ['ok'],
    clock: ['ok'],
    permissions: ['ok', 'unknown'],
    'code-bucket': ['ok'],
    'control-table': ['ok'],
    // Two of them are not there.
    streams: ['ok', 'wrong', 'wrong'],
    retention: ['ok'],
    readers: ['ok', 'unknown'],
    'stream-view-type': ['ok', 'wrong'],
    'failed-batch-bucket': ['wrong'],
    functions: ['wrong'],
    'operator-function': ['wrong'],
    application: ['ok'],
    capacity: ['ok', 'unknown'],
    'allow-list': ['ok'],
    logging: ['ok'],
  });
  expect(exitCode).toBe(1);
  expect((await spillway('doctor', 'ticking')).stdout).toMatch(
    /WRONG {2}streams +there is no stream none\n +why: .*\n +do: {2}deploy the infrastructure/,
  );
});

test('destroy wants the name, deletes it, and leaves its history', async () => {
  const unasked = await spillway('destroy', 'ticking');
  expect(unasked.stderr).toContain('there is no terminal to ask: add --confirm ticking');
  const wrong = await spillway('destroy', 'ticking', '--confirm', 'throttle');
  expect(wrong.stderr).toContain(
    '--confirm is "throttle", but the application is ticking: nothing was changed',
  );
  const declined = await runSpillway(
    ['destroy', 'ticking', '--definitions', definitions, '--environments', environments],
    environment,
    { typed: 'tickin\n' },
  );
  expect(declined).toMatchObject({ exitCode: 3, stdout: '' });
  expect(declined.stderr).toContain('Type its name to go on: ');

  expect(await json('destroy', 'ticking', '--confirm', 'ticking')).toMatchObject({ changed: true });
  expect((await spillway('status', 'ticking')).stdout).toContain('ticking (local) is not there');
  expect((await spillway('history', 'ticking')).stdout).toMatch(/destroy +1 +done +deleted/);
});

test('what was destroyed can be created again, and its generations go on', async () => {
  const applied = await json('apply', 'ticking');
  expect(applied).toMatchObject({ outcome: 'done', rollout: 'create' });
  const { generations } = await control.generations();
  expect(generations.length).toBeGreaterThan(1);
  expect(applied['generation']).toBe(generations.at(-1)?.generation);
});

async function endInterrupted(): Promise<void> {
  const lock = await control.takeLock('other@host', 'apply', 60);
  await control.endRollout(takenBack('other@host', new Date()), lock);
  await control.releaseLock(lock);
}
