import {
  ExpiredIteratorException,
  type KinesisClient,
  ListShardsCommand,
  ProvisionedThroughputExceededException,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import type { KinesisStreamEvent } from 'aws-lambda';
import { type KinesisSourceOptions, startKinesisSource } from '../../../../infra/local/event-sources/kinesis';
import type { StreamSource } from '../../../../infra/local/event-sources/stream-source';
import { kinesisClient } from '../../../../lambdas/delivery/kinesis-client';
import type { LogLine } from '../../../../lambdas/delivery/log';
import { textsOf } from './event-texts';
import { failNext } from './faults';
import { type RecordingHandler, recordingHandler } from './recording-handler';
import { serverEnvironment } from './servers';
import { newStream } from './streams-of-one-test';
import { until } from './until';

let kinesis: KinesisClient;
let stream: { name: string; arn: string };
let source: StreamSource | undefined;
let lines: LogLine[];

beforeEach(async () => {
  lines = [];
  kinesis = kinesisClient(serverEnvironment());
  stream = await newStream(kinesis, 'excess');
});

afterEach(async () => {
  await source?.stop();
  source = undefined;
  kinesis.destroy();
});

async function start(
  handler: RecordingHandler<KinesisStreamEvent>,
  options: Partial<KinesisSourceOptions> = {},
): Promise<void> {
  source = await startKinesisSource({
    client: kinesis,
    streamArn: stream.arn,
    handler,
    functionName: 'alerter',
    startingPosition: 'TRIM_HORIZON',
    log: (line) => lines.push(line),
    pollIntervalMs: 210,
    discoveryIntervalMs: 20,
    firstRetryDelayMs: 1,
    ...options,
  });
}

async function put(...texts: string[]): Promise<void> {
  for (const text of texts) {
    await kinesis.send(
      new PutRecordCommand({ StreamName: stream.name, PartitionKey: text, Data: Buffer.from(text) }),
    );
  }
}

const allTexts = (handler: RecordingHandler<KinesisStreamEvent>): string[] => handler.events.flatMap(textsOf);

test('an event has the shape that Lambda gives it', async () => {
  const handler = recordingHandler<KinesisStreamEvent>();
  await start(handler);
  await put('né');
  await until('a record came', () => handler.events.length > 0);
  const [record] = handler.events[0]?.Records ?? [];
  const sequenceNumber = record?.kinesis.sequenceNumber ?? '';
  expect(sequenceNumber).toMatch(/^\d{50,}$/);
  expect(handler.events[0]).toStrictEqual({
    Records: [
      {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'né',
          sequenceNumber,
          data: Buffer.from('né').toString('base64'),
          approximateArrivalTimestamp: expect.any(Number) as number,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `shardId-000000000000:${sequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: 'arn:aws:iam::000000000000:role/local',
        awsRegion: 'us-east-1',
        eventSourceARN: stream.arn,
      },
    ],
  });
  expect(Math.abs((record?.kinesis.approximateArrivalTimestamp ?? 0) - Date.now() / 1000)).toBeLessThan(600);
});

test('a batch with failed records is tried again from the first of them', async () => {
  await put('a', 'b', 'c', 'd');
  const handler = recordingHandler<KinesisStreamEvent>((event, call) => {
    if (call > 0) return { batchItemFailures: [] };
    const [, second, third] = event.Records.map(({ kinesis: { sequenceNumber } }) => sequenceNumber);
    return { batchItemFailures: [{ itemIdentifier: third }, { itemIdentifier: second }] };
  });
  await start(handler, { reportBatchItemFailures: true });
  await until('all is settled', () => source?.progress()[0]?.settled === 4);
  expect(handler.events.map(textsOf)).toEqual([
    ['a', 'b', 'c', 'd'],
    ['b', 'c', 'd'],
  ]);
});

test('a failure that names no record of the batch fails all of it', async () => {
  await put('a', 'b');
  const handler = recordingHandler<KinesisStreamEvent>((_event, call) =>
    call === 0 ? { batchItemFailures: [{ itemIdentifier: '123' }] } : undefined,
  );
  await start(handler, { reportBatchItemFailures: true });
  await until('all is settled', () => source?.progress()[0]?.settled === 2);
  expect(handler.events.map(textsOf)).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('reported failures count for nothing where reporting is off', async () => {
  await put('a', 'b');
  const handler = recordingHandler<KinesisStreamEvent>((event) => ({
    batchItemFailures: [{ itemIdentifier: event.Records[0]?.kinesis.sequenceNumber }],
  }));
  await start(handler);
  await until('all is settled', () => source?.progress()[0]?.settled === 2);
  expect(handler.events).toHaveLength(1);
});

test('what is through before a failed record is not given up with it', async () => {
  await put('a', 'b', 'c');
  const givenUp: string[][] = [];
  const handler = recordingHandler<KinesisStreamEvent>((event) => {
    const bad = event.Records.find(({ kinesis: { data } }) => Buffer.from(data, 'base64').toString() === 'b');
    return { batchItemFailures: bad ? [{ itemIdentifier: bad.kinesis.sequenceNumber }] : [] };
  });
  await start(handler, {
    reportBatchItemFailures: true,
    maximumRetryAttempts: 1,
    onFailure: ({ payload, KinesisBatchInfo: info }) => {
      givenUp.push([...textsOf(JSON.parse(payload) as KinesisStreamEvent), String(info?.batchSize)]);
      return Promise.resolve();
    },
  });
  await until('all is settled', () => source?.progress()[0]?.settled === 3);
  expect(givenUp).toEqual([['b', 'c', '2']]);
});

test('a window gathers records until the batch is full', async () => {
  const handler = recordingHandler<KinesisStreamEvent>();
  await start(handler, { batchSize: 3, maximumBatchingWindowSeconds: 300 });
  for (const text of ['a', 'b', 'c']) {
    await put(text);
    await until(`${text} was read`, () => handler.events.length > 0 || source?.progress()[0]?.waiting !== 0);
  }
  await until('a batch came', () => handler.events.length > 0);
  expect(handler.events.map(textsOf)).toEqual([['a', 'b', 'c']]);
});

test('a window that ends delivers what it gathered', async () => {
  const handler = recordingHandler<KinesisStreamEvent>();
  await start(handler, { batchSize: 100, maximumBatchingWindowSeconds: 0.2 });
  await put('a');
  await until('a batch came', () => handler.events.length > 0);
  expect(allTexts(handler)).toEqual(['a']);
});

test('the children of a split shard are read after it is delivered', async () => {
  const before = ['1', '2', '3', '4', '5', '6'];
  const after = ['7', '8', '9', '10', '11', '12'];
  await put(...before);
  let held = true;
  const handler = recordingHandler<KinesisStreamEvent>(() => {
    if (held) throw new Error('not now');
  });
  await start(handler, { batchSize: 2 });
  await until('the parent is being delivered', () => handler.events.length > 0);
  const splitAt = (2n ** 127n).toString();
  const split = {
    StreamName: stream.name,
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: splitAt,
  };
  await kinesis.send(new SplitShardCommand(split));
  await until('the stream has its new shards', async () => {
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: stream.name }));
    return Shards.length === 3;
  });
  await until('the new shards take records', () => put(...after).then(() => true));
  expect(new Set(allTexts(handler))).toEqual(new Set(['1', '2']));
  held = false;
  const firstThrough = handler.events.length;
  await until('all came', () => new Set(allTexts(handler)).size === 12);
  const delivered = handler.events.slice(firstThrough).flatMap(textsOf);
  expect(delivered.slice(-12).slice(0, 6)).toEqual(before);
  expect(new Set(delivered.slice(-6))).toEqual(new Set(after));
});

test.each([
  ['an expired iterator', new ExpiredIteratorException({ message: 'expired', $metadata: {} })],
  ['a busy shard', new ProvisionedThroughputExceededException({ message: 'busy', $metadata: {} })],
])('reading goes on after %s, without loss or repetition', async (_situation, error) => {
  const handler = recordingHandler<KinesisStreamEvent>();
  await start(handler);
  await put('a');
  await until('a record came', () => handler.events.length === 1);
  failNext(kinesis, 'GetRecordsCommand', [error, error]);
  await until('the errors were met', () => lines.filter(({ event }) => event === 'poll-failed').length === 2);
  await put('b');
  await until('the next record came', () => allTexts(handler).includes('b'));
  expect(allTexts(handler)).toEqual(['a', 'b']);
});

test('an option that Lambda would refuse is refused', async () => {
  await expect(start(recordingHandler(), { batchSize: 0 })).rejects.toThrow(
    'batchSize is 0, which must lie between 1 and 10000',
  );
});

test('a stream that is not there is said at the start', async () => {
  await expect(start(recordingHandler(), { streamArn: `${stream.arn}-gone` })).rejects.toThrow(
    /not.*(found|exist)/i,
  );
});
