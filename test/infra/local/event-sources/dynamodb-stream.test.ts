import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ExpiredIteratorException, TrimmedDataAccessException } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { checkpointsInMemory } from '../../../../infra/local/event-sources/checkpoints';
import {
  type DynamoDbStreamSourceOptions,
  startDynamoDbStreamSource,
} from '../../../../infra/local/event-sources/dynamodb-stream';
import type { FailedBatch } from '../../../../infra/local/event-sources/failed-batch';
import type { StreamSource } from '../../../../infra/local/event-sources/stream-source';
import type { LogLine } from '../../../../lambdas/delivery/log';
import { failNext } from './faults';
import { type RecordingHandler, recordingHandler } from './recording-handler';
import { serverEnvironment } from './servers';
import { type StreamedTable, streamedTable } from './streams-of-one-test';
import { until } from './until';

let table: StreamedTable;
let source: StreamSource | undefined;
let lines: LogLine[];

beforeEach(async () => {
  lines = [];
  table = await streamedTable(serverEnvironment());
});

afterEach(async () => {
  await source?.stop();
  source = undefined;
  table.dynamoDb.destroy();
  table.streams.destroy();
});

async function start(
  handler: RecordingHandler<DynamoDBStreamEvent>,
  options: Partial<DynamoDbStreamSourceOptions> = {},
): Promise<void> {
  source = await startDynamoDbStreamSource({
    client: table.streams,
    streamArn: table.streamArn,
    handler,
    functionName: 'estimator',
    startingPosition: 'TRIM_HORIZON',
    log: (line) => lines.push(line),
    pollIntervalMs: 20,
    firstRetryDelayMs: 1,
    ...options,
  });
}

const idsOf = (events: readonly DynamoDBStreamEvent[]): (string | undefined)[] =>
  events.flatMap(({ Records }) => Records.map(({ dynamodb }) => dynamodb?.Keys?.['id']?.S));

const recordsOf = (events: readonly DynamoDBStreamEvent[]): DynamoDBRecord[] =>
  events.flatMap(({ Records }) => Records);

async function putAll(...ids: string[]): Promise<void> {
  for (const id of ids) await table.put(id);
}

test('an event has the shape that Lambda gives it, for every type of value and kind of change', async () => {
  const handler = recordingHandler<DynamoDBStreamEvent>();
  const startedAt = Math.floor(Date.now() / 1000);
  await start(handler);
  const Item = {
    id: { S: 'a' },
    n: { N: '1.50' },
    b: { B: new Uint8Array([1, 2, 3]) },
    yes: { BOOL: true },
    none: { NULL: true as const },
    ss: { SS: ['x'] },
    ns: { NS: ['7'] },
    bs: { BS: [new Uint8Array([4])] },
    l: { L: [{ B: new Uint8Array([5]) }, { S: 't' }] },
    m: { M: { in: { M: { b: { B: new Uint8Array([6]) } } } } },
    empty: { L: [{ S: '' }, { B: new Uint8Array() }, { L: [] }, { M: {} }] },
  };
  await table.dynamoDb.send(new PutItemCommand({ TableName: table.name, Item }));
  await table.put('a');
  await table.dynamoDb.send(new DeleteItemCommand({ TableName: table.name, Key: { id: { S: 'a' } } }));
  await until('three changes came', () => recordsOf(handler.events).length === 3);

  const first = {
    id: { S: 'a' },
    n: { N: '1.5' },
    b: { B: 'AQID' },
    yes: { BOOL: true },
    none: { NULL: true },
    ss: { SS: ['x'] },
    ns: { NS: ['7'] },
    bs: { BS: ['BA=='] },
    l: { L: [{ B: 'BQ==' }, { S: 't' }] },
    m: { M: { in: { M: { b: { B: 'Bg==' } } } } },
    empty: { L: [{ S: '' }, { B: '' }, { L: [] }, { M: {} }] },
  };
  const second = { id: { S: 'a' } };
  const around = (eventName: string, images: object): object => ({
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number) as number,
      Keys: { id: { S: 'a' } },
      ...images,
      SequenceNumber: expect.stringMatching(/^\d+$/) as string,
      SizeBytes: expect.any(Number) as number,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: table.streamArn.replace('ddblocal', 'us-east-1'),
  });
  const records = recordsOf(handler.events);
  expect(records).toStrictEqual([
    around('INSERT', { NewImage: first }),
    around('MODIFY', { NewImage: second, OldImage: first }),
    around('REMOVE', { OldImage: second }),
  ]);
  for (const { dynamodb } of records) {
    const second = dynamodb?.ApproximateCreationDateTime ?? 0;
    expect(Number.isInteger(second)).toBe(true);
    expect(second).toBeGreaterThanOrEqual(startedAt);
    expect(second).toBeLessThanOrEqual(Date.now() / 1000);
  }
});

test('changes come in order, in batches of the size given, one batch at a time', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => String(index));
  await putAll(...ids);
  const handler = recordingHandler<DynamoDBStreamEvent>();
  await start(handler, { batchSize: 7 });
  await until('all changes came', () => idsOf(handler.events).length === ids.length);
  expect(idsOf(handler.events)).toEqual(ids);
  expect(handler.events.map(({ Records }) => Records.length)).toEqual([7, 7, 7, 7, 7, 5]);
  expect(handler.mostAtOnce()).toBe(1);
});

test('a batch that fails is tried again whole and unchanged, and holds up those behind it', async () => {
  await putAll('a', 'b', 'c', 'd');
  const handler = recordingHandler<DynamoDBStreamEvent>((event, call) => {
    // What a function does to its event must not show at the next try.
    event.Records.forEach((record) => delete record.dynamodb?.NewImage);
    if (call < 3) throw new Error('not now');
  });
  const seen: string[] = [];
  await start(
    recordingHandler((event) => {
      seen.push(JSON.stringify(event));
      return handler(event);
    }),
    { batchSize: 2 },
  );
  await until('all changes came', () => handler.events.length === 5);
  expect(seen.slice(1, 4)).toEqual([seen[0], seen[0], seen[0]]);
  expect(idsOf(handler.events.slice(3))).toEqual(['a', 'b', 'c', 'd']);
  expect(lines.filter(({ event }) => event === 'batch-failed')).toHaveLength(3);
  expect(lines[0]?.message).toMatch(/estimator .* try 1: Error: not now/);
});

test('a batch whose tries are used up goes to the on-failure destination with its payload', async () => {
  await putAll('bad', 'good');
  const failed: FailedBatch[] = [];
  const handler = recordingHandler<DynamoDBStreamEvent>((event) => {
    if (idsOf([event])[0] === 'bad') throw new Error('never');
  });
  await start(handler, {
    batchSize: 1,
    maximumRetryAttempts: 2,
    onFailure: (batch) => {
      failed.push(batch);
      return Promise.resolve();
    },
  });
  await until('the next change came', () => idsOf(handler.events).includes('good'));
  expect(idsOf(handler.events)).toEqual(['bad', 'bad', 'bad', 'good']);
  const [bad] = recordsOf(handler.events);
  expect(failed).toEqual([
    {
      requestContext: {
        requestId: expect.any(String) as string,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:estimator',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.any(String) as string,
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-/) as string,
        startSequenceNumber: bad?.dynamodb?.SequenceNumber,
        endSequenceNumber: bad?.dynamodb?.SequenceNumber,
        approximateArrivalOfFirstRecord: expect.any(String) as string,
        approximateArrivalOfLastRecord: expect.any(String) as string,
        batchSize: 1,
        streamArn: table.streamArn.replace('ddblocal', 'us-east-1'),
      },
      payload: JSON.stringify(handler.events[0]),
    },
  ]);
});

test('a batch whose first record is too old is given up', async () => {
  await putAll('bad');
  const failed: FailedBatch[] = [];
  const handler = recordingHandler<DynamoDBStreamEvent>(() => Promise.reject(new Error('never')));
  await start(handler, {
    maximumRecordAgeSeconds: 0,
    firstRetryDelayMs: 5,
    onFailure: (batch) => {
      failed.push(batch);
      return Promise.resolve();
    },
  });
  await until('the batch was given up', () => failed.length === 1);
  expect(failed[0]?.requestContext.condition).toBe('MaximumRecordAgeExceeded');
});

test('an on-failure destination that fails is tried again, and a loss is logged', async () => {
  await putAll('bad');
  let calls = 0;
  await start(
    recordingHandler(() => Promise.reject(new Error('never'))),
    {
      maximumRetryAttempts: 0,
      onFailure: () => {
        calls++;
        return Promise.reject(new Error('no room'));
      },
    },
  );
  await until('the loss was logged', () =>
    lines.some(({ event }) => event === 'on-failure-destination-failed'),
  );
  expect(calls).toBe(3);
  expect(lines.at(-1)?.message).toMatch(
    /1 records of shardId-.* are lost: .* failed 3 times: Error: no room/,
  );
});

test('LATEST shows what is written after the start, and nothing before', async () => {
  await putAll('before');
  const handler = recordingHandler<DynamoDBStreamEvent>();
  await start(handler, { startingPosition: 'LATEST' });
  await putAll('after');
  await until('a change came', () => handler.events.length > 0);
  expect(idsOf(handler.events)).toEqual(['after']);
});

test('only changes that match a filter are delivered', async () => {
  const handler = recordingHandler<DynamoDBStreamEvent>();
  await table.put('a', { kind: { S: 'wanted' } });
  await table.put('a', { kind: { S: 'other' } });
  await table.put('b', { kind: { S: 'wanted' } });
  const Pattern = '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"kind":{"S":["wanted"]}}}}';
  await start(handler, { filterCriteria: { Filters: [{ Pattern }] } });
  await until('all are settled', () => source?.progress()[0]?.settled === 3);
  expect(idsOf(handler.events)).toEqual(['a', 'b']);
});

test('a source that is started again goes on after what was delivered', async () => {
  const checkpoints = checkpointsInMemory();
  const first = recordingHandler<DynamoDBStreamEvent>((event) => {
    if (idsOf([event])[0] === 'c') throw new Error('not now');
  });
  await putAll('a', 'b', 'c');
  await start(first, { batchSize: 1, checkpoints });
  await until('the third change failed', () => idsOf(first.events).includes('c'));
  await source?.stop();
  await putAll('d');
  const second = recordingHandler<DynamoDBStreamEvent>();
  await start(second, { checkpoints });
  await until('the last change came', () => idsOf(second.events).includes('d'));
  expect(idsOf(second.events)).toEqual(['c', 'd']);
});

test('stop waits for the call under way and lets no other begin', async () => {
  await putAll('a', 'b');
  let finish: (() => void) | undefined;
  const handler = recordingHandler<DynamoDBStreamEvent>(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  await start(handler, { batchSize: 1 });
  await until('a call is under way', () => finish !== undefined);
  let stopped = false;
  const stopping = source?.stop().then(() => {
    stopped = true;
  });
  await new Promise(setImmediate);
  expect(stopped).toBe(false);
  finish?.();
  await stopping;
  expect(idsOf(handler.events)).toEqual(['a']);
});

test('a call that takes longer than the function may is a failed try', async () => {
  await putAll('a');
  const handler = recordingHandler<DynamoDBStreamEvent>((_event, call) =>
    call === 0 ? new Promise(() => undefined) : undefined,
  );
  await start(handler, { timeoutSeconds: 0.05 });
  await until('the batch was tried again', () => handler.events.length === 2);
  expect(lines[0]?.message).toMatch(/FunctionTimeout: Task timed out after 0\.05 seconds/);
});

test.each([
  [
    'an expired iterator',
    new ExpiredIteratorException({ message: 'expired', $metadata: {} }),
    ['a', 'b'],
    'poll-failed',
  ],
  [
    'records that were trimmed',
    new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} }),
    ['a', 'a', 'b'],
    'records-trimmed',
  ],
  ['a failing server', new Error('connection refused'), ['a', 'b'], 'poll-failed'],
])('reading goes on after %s', async (_situation, error, expected, logged) => {
  const handler = recordingHandler<DynamoDBStreamEvent>();
  await start(handler);
  await putAll('a');
  await until('a change came', () => handler.events.length === 1);
  failNext(table.streams, 'GetRecordsCommand', [error]);
  await until('the error was met', () => lines.some(({ event }) => event === logged));
  await putAll('b');
  await until('the next change came', () => idsOf(handler.events).includes('b'));
  expect(idsOf(handler.events)).toEqual(expected);
});

test('an empty shard that says it was trimmed is read from its oldest record on, and nothing is reported as lost', async () => {
  const handler = recordingHandler<DynamoDBStreamEvent>();
  const trimmed = new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} });
  failNext(table.streams, 'GetRecordsCommand', [trimmed]);
  await start(handler);
  await putAll('a');
  await until('the change came', () => handler.events.length === 1);
  expect(idsOf(handler.events)).toEqual(['a']);
  expect(lines.filter(({ event }) => event === 'records-trimmed')).toEqual([]);
});

test('progress says how much is read, settled and waiting', async () => {
  await putAll('a', 'b', 'c');
  let failing = true;
  const handler = recordingHandler<DynamoDBStreamEvent>((_event, call) => {
    if (call > 0 && failing) throw new Error('not now');
  });
  await start(handler, { batchSize: 2 });
  await until('the second batch failed', () => handler.events.length > 1);
  expect(source?.progress()).toMatchObject([{ settled: 2, waiting: 1 }]);
  failing = false;
  await until('all is settled', () => source?.progress()[0]?.settled === 3);
  expect(source?.progress()).toMatchObject([{ settled: 3, waiting: 0, oldestWaitingMs: 0 }]);
});
