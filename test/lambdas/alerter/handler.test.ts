import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { KinesisStreamEvent } from 'aws-lambda';
import { DynamoDBClient, DeleteTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createControlTable } from '../../../infra/local/control-table';
import { createHandler, type AlerterHandler } from '../../../lambdas/alerter/handler';
import type { Excess } from '../../../lambdas/contracts/excess';
import { type Generation, generationsKey } from '../../../lambdas/contracts/generations';
import { parseRecord } from '../../../lambdas/contracts/parse';
import { setAside } from '../../../lambdas/contracts/set-aside';
import { requestFor } from '../../../lambdas/contracts/suspension-request';
import { clientSettings } from '../../../lambdas/delivery/environment';
import { kinesisClient } from '../../../lambdas/delivery/kinesis-client';
import type { LogLine } from '../../../lambdas/delivery/log';
import { serverEnvironment } from '../../infra/local/event-sources/servers';
import {
  newQueue,
  newStream,
  recordsIn,
  uniqueName,
} from '../../infra/local/event-sources/streams-of-one-test';

let kinesis: KinesisClient;
let sqs: SQSClient;
let queueUrl: string;
let aside: string;
let lines: LogLine[];
let metrics: string[];
let handle: AlerterHandler;

beforeEach(async () => {
  kinesis = kinesisClient(serverEnvironment());
  sqs = new SQSClient(clientSettings(serverEnvironment(), 'SQS'));
  queueUrl = await newQueue(sqs);
  aside = (await newStream(kinesis, 'aside')).name;
  lines = [];
  metrics = [];
  handle = createHandler(
    { ...serverEnvironment(), SPILLWAY_REQUEST_QUEUE_URL: queueUrl, SPILLWAY_SET_ASIDE_STREAM: aside },
    (line) => lines.push(line),
    (line) => metrics.push(line),
    () => 1_790_000_130_000,
  );
});

afterEach(() => {
  handle.close();
  kinesis.destroy();
  sqs.destroy();
});

const excessOf = (subject: string): Excess => ({
  version: 1,
  application: 'throttle',
  generation: 1,
  detection: 'partition-heat',
  resource: 'users',
  key: 'S:k1',
  subject,
  units: 60_010,
  limit: 60_000,
  peakSecondUnits: 900,
  activeSeconds: 80,
  windowStart: 1_790_000_000,
  windowEnd: 1_790_000_120,
});

/** An event of the given data, numbered from 0. */
function eventOf(...data: readonly (string | Buffer)[]): KinesisStreamEvent {
  return {
    Records: data.map((bytes, index) => ({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: 'p',
        sequenceNumber: String(index),
        data: Buffer.from(bytes).toString('base64'),
        approximateArrivalTimestamp: 1_790_000_121.5,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `shardId-000000000000:${String(index)}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::000000000000:role/local',
      awsRegion: 'us-east-1',
      eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/excess',
    })),
  };
}

async function requestsInQueue(): Promise<unknown[]> {
  const requests: unknown[] = [];
  for (;;) {
    const command = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await sqs.send(command);
    if (Messages.length === 0) return requests;
    requests.push(...Messages.map(({ Body = '' }) => JSON.parse(Body) as unknown));
  }
}

const asides = async (): Promise<unknown[]> =>
  (await recordsIn(kinesis, aside)).map(({ text }) => parseRecord(setAside, text));

test('each excess becomes a suspension request, more than one call takes', async () => {
  const excesses = Array.from({ length: 23 }, (_, index) => excessOf(`app_${String(index)}`));
  const answer = await handle(eventOf(...excesses.map((excess) => JSON.stringify(excess))));
  expect(answer).toEqual({ batchItemFailures: [] });
  const requests = await requestsInQueue();
  expect(requests).toHaveLength(23);
  expect(requests).toEqual(expect.arrayContaining(excesses.map(requestFor)));
  expect(lines.map(({ event, traceId }) => [event, traceId])).toEqual(
    excesses.map((excess) => ['requested', requestFor(excess).id]),
  );
  expect(metrics.map((line) => JSON.parse(line) as object)).toMatchObject([
    { FunctionName: 'alerter', ExcessesHeard: 23, ExcessesNotHeard: 0, RequestsNotSent: 0, ExcessAge: 10 },
  ]);
});

test('what is no excess is set aside with its reason, and the others are sent', async () => {
  const bytes = Buffer.from([0xff, 0xfe]);
  const noUnits = JSON.stringify({ ...excessOf('app_2'), units: -1 });
  const answer = await handle(eventOf('{', JSON.stringify(excessOf('app_1')), noUnits, bytes));
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(await requestsInQueue()).toEqual([requestFor(excessOf('app_1'))]);
  expect(await asides()).toMatchObject([
    { value: { setAsideBy: 'alerter', reason: 'malformed', record: '{' } },
    { value: { reason: 'malformed', detail: expect.stringContaining('units: ') as string, record: noUnits } },
    {
      value: {
        reason: 'malformed',
        detail: expect.stringContaining('not UTF-8') as string,
        record: bytes.toString('base64'),
      },
    },
  ]);
  expect(lines.map(({ event }) => event)).toEqual(['requested', 'set-aside', 'set-aside', 'set-aside']);
});

test('an excess without a subject is reported and suspends nobody', async () => {
  await handle(eventOf(JSON.stringify(excessOf(''))));
  expect(await requestsInQueue()).toEqual([]);
  expect(await asides()).toMatchObject([
    {
      value: {
        reason: 'no-subject',
        detail: expect.stringMatching(/S:k1 of users had 60010 write units/) as string,
      },
    },
  ]);
});

test('an excess of a detection that only tells is told, and suspends nobody', async () => {
  const told = {
    ...excessOf('app_3'),
    detection: 'shared-key',
    action: 'notify',
    ...{ rank: 1, share: 0.4, keyUnits: 150_000 },
  };
  const answer = await handle(eventOf(JSON.stringify(told), JSON.stringify(excessOf('app_1'))));
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(await requestsInQueue()).toEqual([requestFor(excessOf('app_1'))]);
  expect(await asides()).toEqual([]);
  expect(lines).toMatchObject([
    { event: 'notice', subject: 'app_3', rank: 1, share: 0.4, keyUnits: 150_000 },
    { event: 'requested', subject: 'app_1' },
  ]);
});

test('an excess with an action that is not known suspends nobody and says so', async () => {
  await handle(eventOf(JSON.stringify({ ...excessOf('app_1'), action: 'ban' })));
  expect(await requestsInQueue()).toEqual([]);
  expect(await asides()).toMatchObject([
    { value: { reason: 'malformed', detail: expect.stringContaining('action: ') as string } },
  ]);
});

test('when the queue cannot be reached the batch is tried again from the first request on', async () => {
  await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
  const answer = await handle(
    eventOf('{', JSON.stringify(excessOf('app_1')), JSON.stringify(excessOf('')), '['),
  );
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  // What stands behind the first failure is set aside by the next try, not twice.
  expect(await asides()).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    level: 'error',
    event: 'request-not-sent',
    traceId: requestFor(excessOf('app_1')).id,
  });
  expect(metrics.map((line) => JSON.parse(line) as object)).toMatchObject([{ RequestsNotSent: 1 }]);
});

test('a missing setting is said by name', () => {
  const environment = { ...serverEnvironment(), SPILLWAY_SET_ASIDE_STREAM: aside };
  expect(() => createHandler(environment)).toThrow(
    /^SPILLWAY_REQUEST_QUEUE_URL is not set\. Set it to the URL/,
  );
});

describe('with generations', () => {
  const seconds = excessOf('app_1').windowEnd;
  let dynamodb: DynamoDBClient;
  let table: string;
  let nowMs: number;
  let hearing: AlerterHandler;

  beforeAll(() => {
    dynamodb = new DynamoDBClient(clientSettings(serverEnvironment(), 'DYNAMODB'));
  });

  afterAll(() => {
    dynamodb.destroy();
  });

  beforeEach(async () => {
    table = uniqueName('control');
    await createControlTable(dynamodb, table);
    nowMs = 1_790_000_130_000;
    hearing = createHandler(
      {
        ...serverEnvironment(),
        SPILLWAY_REQUEST_QUEUE_URL: queueUrl,
        SPILLWAY_SET_ASIDE_STREAM: aside,
        SPILLWAY_CONTROL_TABLE: table,
      },
      (line) => lines.push(line),
      (line) => metrics.push(line),
      () => nowMs,
    );
  });

  afterEach(() => {
    hearing.close();
  });

  async function write(...generations: Generation[]): Promise<void> {
    await writeText(JSON.stringify({ version: 1, application: 'throttle', generations }));
  }

  async function writeText(text: string): Promise<void> {
    const { pk, sk } = generationsKey('throttle');
    const Item = { pk: { S: pk }, sk: { S: sk }, generations: { S: text }, revision: { N: '1' } };
    await dynamodb.send(new PutItemCommand({ TableName: table, Item }));
  }

  const from = (generation: number, subject: string, windowEnd = seconds): Excess => ({
    ...excessOf(subject),
    generation,
    windowEnd,
  });

  /** Hands a batch over; answers with the subjects that a suspension was asked for. */
  async function suspendedBy(...excesses: Excess[]): Promise<string[]> {
    expect(await hearing(eventOf(...excesses.map((excess) => JSON.stringify(excess))))).toEqual({
      batchItemFailures: [],
    });
    const requests = (await requestsInQueue()) as { excess: Excess }[];
    return requests.map(({ excess }) => excess.subject).sort();
  }

  test('the old one is heard before the cutover and the new one from it; a shadow is not', async () => {
    await write(
      { generation: 1, from: 0, until: seconds, slot: 'blue' },
      { generation: 2, from: seconds, slot: 'green' },
      { generation: 3, from: 0, slot: 'blue', shadow: true },
    );
    const suspended = await suspendedBy(
      from(1, 'old, before', seconds - 1),
      from(1, 'old, at'),
      from(2, 'new, before', seconds - 1),
      from(2, 'new, at'),
      from(3, 'shadow'),
      from(4, 'taken back'),
    );
    expect(suspended).toEqual(['new, at', 'old, before']);
    expect(lines.filter(({ event }) => event === 'not-heard')).toMatchObject(
      [1, 2, 3, 4].map((generation) => ({
        application: 'throttle',
        generation,
        count: 1,
      })),
    );
    expect(metrics.map((line) => JSON.parse(line) as object)).toMatchObject([
      { ExcessesHeard: 2, ExcessesNotHeard: 4 },
    ]);
  });

  test('what is not heard is neither told nor set aside', async () => {
    await write({ generation: 1, from: 0, slot: 'blue' });
    expect(await suspendedBy(from(2, ''), { ...from(2, 'app_1'), action: 'notify' })).toEqual([]);
    expect(await asides()).toEqual([]);
    expect(lines).toMatchObject([{ event: 'not-heard', generation: 2, count: 2 }]);
  });

  test('what no rollout wrote down is heard', async () => {
    expect(await suspendedBy(from(7, 'app_1'))).toEqual(['app_1']);
  });

  test('generations are read again after five seconds, and at once for one that is not known', async () => {
    await write({ generation: 1, from: 0, slot: 'blue' });
    expect(await suspendedBy(from(1, 'app_1'))).toEqual(['app_1']);
    await write({ generation: 1, from: 0, until: seconds, slot: 'blue' });
    nowMs += 4_999;
    expect(await suspendedBy(from(1, 'app_2'))).toEqual(['app_2']);
    nowMs += 1;
    expect(await suspendedBy(from(1, 'app_3'))).toEqual([]);
    await write({ generation: 2, from: seconds, slot: 'green' });
    expect(await suspendedBy(from(2, 'app_4'))).toEqual(['app_4']);
  });

  test('where they cannot be read the batch fails, and nothing is done for it', async () => {
    await writeText('{}');
    await expect(hearing(eventOf(JSON.stringify(from(1, 'app_1')), '{'))).rejects.toThrow(
      /^the item pk "application#throttle", sk "generations" of the table .* cannot be read: .*version/,
    );
    await dynamodb.send(new DeleteTableCommand({ TableName: table }));
    await expect(hearing(eventOf(JSON.stringify(from(1, 'app_1'))))).rejects.toThrow(
      /ResourceNotFoundException.* Nobody is suspended until it can; the batch is tried again\./,
    );
    expect(await requestsInQueue()).toEqual([]);
    expect(await asides()).toEqual([]);
  });
});
