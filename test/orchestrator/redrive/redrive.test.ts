import { resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { failedBatch } from '../../../infra/local/event-sources/failed-batch';
import type { Handler } from '../../../infra/local/event-sources/invoke';
import { failedBatchBucket } from '../../../infra/local/lambda/failed-batch-bucket';
import { type LocalLambda, startLambda } from '../../../infra/local/lambda/server';
import { clientSettings } from '../../../lambdas/delivery/environment';
import { kinesisClient } from '../../../lambdas/delivery/kinesis-client';
import { createHandler } from '../../../lambdas/estimator/handler';
import { newStream, recordsIn, uniqueName } from '../../infra/local/event-sources/streams-of-one-test';
import { change, eventOf } from '../../lambdas/estimator/stream-records';
import { createStreamedTable } from '../../lambdas/estimator/streamed-tables';
import { warmSystem } from '../../parts/warm-system';
import { type Ran, runSpillway } from '../run-spillway';

const definitions = ['--definitions', resolve(__dirname, '../definitions')];
const functions = new Map<string, Handler<unknown>>();
let lambda: LocalLambda;
let s3: S3Client;
let bucket: string;
let given: unknown[];

beforeEach(async () => {
  functions.clear();
  given = [];
  functions.set('estimator', async (event) => void given.push(event));
  lambda = await startLambda({ functions, log: () => undefined });
  s3 = new S3Client({ ...clientSettings(warmSystem().environment, 'S3'), forcePathStyle: true });
  bucket = uniqueName('failed');
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
});

afterEach(async () => {
  s3.destroy();
  await lambda.stop();
});

/** Keeps a batch of changes as an event source does that gave it up. */
async function giveUp(functionName: string, nowMs: number, event = eventOf(change({}))): Promise<void> {
  const batch = event.Records.map((record, at) => ({
    sequenceNumber: String(at),
    json: JSON.stringify(record),
    arrivedAtMs: nowMs,
    orderKey: '',
  }));
  const port = {
    streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/users/stream/2026',
    batchInfoField: 'DDBStreamBatchInfo' as const,
  };
  const failed = failedBatch(port, functionName, 'shardId-1', batch, 'RetryAttemptsExhausted', 3, nowMs);
  await failedBatchBucket(s3, bucket, 'mapping')(failed);
}

async function keys(): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

async function redrive(...args: string[]): Promise<Ran & { outcomes: string[] }> {
  const ran = await runSpillway(['redrive', '--bucket', bucket, '--json', ...args, ...definitions], {
    ...warmSystem().environment,
    AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
  });
  if (ran.stdout === '') return { ...ran, outcomes: [] };
  const { batches } = JSON.parse(ran.stdout) as { batches: { outcome: string }[] };
  return { ...ran, outcomes: batches.map(({ outcome }) => outcome) };
}

const second = 1_790_000_000_000;

test('a kept batch makes the very records that its first try would have made', async () => {
  const environment = warmSystem().environment;
  const kinesis = kinesisClient(environment);
  const dynamoDb = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const table = uniqueName('redriven');
  const arn = await createStreamedTable(dynamoDb, table);
  const [usage, aside] = await Promise.all([newStream(kinesis, 'usage', 2), newStream(kinesis, 'aside')]);
  const estimator = createHandler(
    {
      ...environment,
      SPILLWAY_USAGE_STREAM: usage.name,
      SPILLWAY_SET_ASIDE_STREAM: aside.name,
      SPILLWAY_TABLES: JSON.stringify({ [table]: { subject: '{app_id}' } }),
    },
    () => undefined,
  );
  functions.set('estimator', estimator as Handler<never> as Handler<unknown>);
  try {
    const event = eventOf(change({ arn, eventID: 'first', newBytes: 3_000 }), change({ arn, key: 'ключ' }));
    await estimator(event);
    const once = (await recordsIn(kinesis, usage.name)).map((record) => JSON.stringify(record));
    await giveUp('estimator', second, event);
    expect((await redrive()).outcomes).toEqual(['redriven']);
    const twice = (await recordsIn(kinesis, usage.name)).map((record) => JSON.stringify(record));
    expect(once).toHaveLength(1);
    expect(twice).toEqual([...once, ...once]);
  } finally {
    estimator.close();
    kinesis.destroy();
    dynamoDb.destroy();
  }
});

test('what was redriven is put away, and a second redrive does nothing', async () => {
  await giveUp('estimator', second + 1_000, eventOf(change({ eventID: 'later' })));
  await giveUp('estimator', second, eventOf(change({ eventID: 'earlier' })));
  const first = await redrive();
  expect(first).toMatchObject({ exitCode: 0, outcomes: ['redriven', 'redriven'] });
  expect(given).toMatchObject([{ Records: [{ eventID: 'earlier' }] }, { Records: [{ eventID: 'later' }] }]);
  expect((await keys()).every((key) => key.startsWith('redriven/aws/lambda/mapping/shardId-1/2026/'))).toBe(
    true,
  );
  expect(await redrive()).toMatchObject({ exitCode: 0, outcomes: [] });
  expect(given).toHaveLength(2);
});

test('a dry run shows what would be done and changes nothing', async () => {
  await giveUp('estimator', second);
  const before = await keys();
  expect(await redrive('--dry-run')).toMatchObject({ exitCode: 0, outcomes: ['would-redrive'] });
  expect(await keys()).toEqual(before);
  expect(given).toEqual([]);
});

test('what fails or cannot be read stays, with its reason, and the others go on', async () => {
  await giveUp('failing', second);
  await giveUp('estimator', second + 1_000);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'aws/lambda/a/b', Body: '{"version":"1.0"}' }));
  functions.set('failing', async () => {
    throw new Error('Kinesis is gone');
  });
  const { exitCode, outcomes, stdout } = await redrive();
  expect(exitCode).toBe(1);
  expect(outcomes).toEqual(['unreadable', 'failed', 'redriven']);
  expect(stdout).toContain('Error: Kinesis is gone');
  expect(stdout).toContain('requestContext: ');
  expect((await keys()).filter((key) => key.startsWith('aws/'))).toHaveLength(2);

  functions.set('failing', async (event) => void given.push(event));
  expect((await redrive()).outcomes).toEqual(['unreadable', 'redriven']);
});

test('a run that broke off between putting away and removing is finished without another call', async () => {
  await giveUp('estimator', second);
  const [key = ''] = await keys();
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `redriven/${key}`, Body: '{}' }));
  expect((await redrive()).outcomes).toEqual(['already-redriven']);
  expect(given).toEqual([]);
  expect(await keys()).toEqual([`redriven/${key}`]);
});

test('one run takes no more than its limit, and says that more are waiting', async () => {
  for (const i of [0, 1, 2]) await giveUp('estimator', second + i * 1_000);
  const { outcomes, stdout } = await redrive('--limit', '2');
  expect(outcomes).toHaveLength(2);
  expect(JSON.parse(stdout)).toMatchObject({ more: true });
  expect((await redrive('--limit', '2')).outcomes).toHaveLength(1);
});

test('only the batches of a named function are taken', async () => {
  await giveUp('alerter', second);
  await giveUp('estimator', second);
  expect((await redrive('--function', 'estimator')).outcomes).toEqual(['redriven']);
  expect((await keys()).filter((key) => key.startsWith('aws/'))).toHaveLength(1);
});

test('a function that is not there, a bucket that is not there and a wrong limit are friendly errors', async () => {
  await giveUp('nobody', second);
  expect((await redrive()).stdout).toContain('ResourceNotFoundException');
  const noBucket = await redrive('--bucket', 'no-such-bucket');
  expect(noBucket).toMatchObject({ exitCode: 1, stdout: '' });
  expect(noBucket.stderr).toContain('listing s3://no-such-bucket/aws/lambda/ failed: NoSuchBucket');
  expect((await redrive('--limit', 'all')).stderr).toContain('--limit is "all"');
  const unnamed = await runSpillway(['redrive', ...definitions], warmSystem().environment);
  expect(unnamed.stderr).toContain('environments.json has no failedBatchBucket for local');
});
