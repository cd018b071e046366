import { ListShardsCommand, MergeShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamEvent } from 'aws-lambda';
import { checkpointsInMemory } from '../../../../infra/local/event-sources/checkpoints';
import type { FailedBatch } from '../../../../infra/local/event-sources/failed-batch';
import { failedBatchBucket } from '../../../../infra/local/lambda/failed-batch-bucket';
import { clientSettings } from '../../../../lambdas/delivery/environment';
import { textsOf } from './event-texts';
import { kinesisUnderTest } from './kinesis-under-test';
import { recordingHandler } from './recording-handler';
import { serverEnvironment } from './servers';
import { uniqueName } from './streams-of-one-test';
import { until } from './until';

const kinesis = kinesisUnderTest();

/** Fails for every event that holds the text. */
const failsFor = (bad: string) =>
  recordingHandler<KinesisStreamEvent>((event) => {
    if (textsOf(event).includes(bad)) throw new Error(`${bad} is bad`);
  });

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

test('an event is what Lambda sends byte for byte, and nothing more', async () => {
  const payloads: string[] = [];
  await kinesis.put('key:né', 'key:2');
  const handler = recordingHandler<KinesisStreamEvent>((event) => {
    payloads.push(JSON.stringify(event));
  });
  await kinesis.start(handler);
  await kinesis.settled(2);
  const { arn } = kinesis.stream();
  const record = (index: number, data: string): string => {
    const { sequenceNumber, approximateArrivalTimestamp } = handler.events[0]?.Records[index]?.kinesis ?? {};
    return (
      `{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"key","sequenceNumber":"${String(sequenceNumber)}",` +
      `"data":"${data}","approximateArrivalTimestamp":${String(approximateArrivalTimestamp)}},` +
      `"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-000000000000:${String(sequenceNumber)}",` +
      `"eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::000000000000:role/local",` +
      `"awsRegion":"us-east-1","eventSourceARN":"${arn}"}`
    );
  };
  expect(payloads).toEqual([`{"Records":[${record(0, 'a2V5Om7DqQ==')},${record(1, 'a2V5OjI=')}]}`]);
});

test('a batch that fails is cut in halves until the bad record is alone, and the others get through', async () => {
  await kinesis.put(...numbers(8));
  const handler = failsFor('5');
  const givenUp: FailedBatch[] = [];
  await kinesis.start(handler, {
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 1,
    onFailure: (failed) => {
      givenUp.push(failed);
      return Promise.resolve();
    },
  });
  await kinesis.settled(8);
  expect(handler.events.map((event) => textsOf(event).join(''))).toEqual([
    '01234567',
    '0123',
    '4567',
    '45',
    '4',
    '5',
    '5',
    '67',
  ]);
  // Cutting uses up no tries: alone the record had its first one and a retry.
  expect(
    givenUp.map(({ payload, requestContext }) => [payload, requestContext.approximateInvokeCount]),
  ).toEqual([[JSON.stringify(handler.events[5]), 5]]);
});

test('a batch with a reported failure is cut at that record, and uses up no tries', async () => {
  await kinesis.put(...numbers(6));
  const handler = recordingHandler<KinesisStreamEvent>((event, call) => ({
    batchItemFailures: call < 3 ? [{ itemIdentifier: event.Records[1]?.kinesis.sequenceNumber }] : [],
  }));
  await kinesis.start(handler, {
    bisectBatchOnFunctionError: true,
    reportBatchItemFailures: true,
    maximumRetryAttempts: 0,
  });
  await kinesis.settled(6);
  expect(handler.events.map((event) => textsOf(event).join(''))).toEqual(['012345', '12345', '2345', '345']);
});

test('a parallelization factor calls for several batches of a shard at once, those of one key in order', async () => {
  const keys = numbers(12).map((number) => `key-${number}`);
  const texts = numbers(10).flatMap((number) => keys.map((key) => `${key}:${number}`));
  await kinesis.put(...texts);
  const failed = new Set<string>();
  const handler = recordingHandler<KinesisStreamEvent>(async (event) => {
    await new Promise(setImmediate);
    // Each batch fails once, so that keys overtake each other.
    const first = event.Records[0]?.eventID ?? '';
    if (failed.has(first)) return;
    failed.add(first);
    throw new Error('not now');
  });
  const through: string[] = [];
  const checked = async (event: KinesisStreamEvent): Promise<unknown> => {
    const answer = await handler(event);
    through.push(...textsOf(event));
    return answer;
  };
  await kinesis.start(checked, { parallelizationFactor: 4, batchSize: 5 });
  await kinesis.settled(texts.length);
  expect(handler.mostAtOnce()).toBeGreaterThan(1);
  expect(handler.mostAtOnce()).toBeLessThanOrEqual(4);
  for (const key of keys) {
    expect(through.filter((text) => text.startsWith(`${key}:`))).toEqual(
      numbers(10).map((n) => `${key}:${n}`),
    );
  }
  expect(through).toHaveLength(texts.length);
});

test('with several batches under way a checkpoint never passes one that is not through', async () => {
  await kinesis.put('slow:0', ...numbers(8).map((number) => `quick-${number}:1`));
  const checkpoints = checkpointsInMemory();
  let finish: (() => void) | undefined;
  const handler = recordingHandler<KinesisStreamEvent>((event) =>
    textsOf(event).includes('slow:0')
      ? new Promise<void>((_, reject) => {
          finish = () => reject(new Error('not now'));
        })
      : undefined,
  );
  const source = await kinesis.start(handler, { parallelizationFactor: 10, batchSize: 1, checkpoints });
  await until('the slow one is under way and another is through', () => {
    return finish !== undefined && (source.progress()[0]?.settled ?? 0) > 0;
  });
  expect([...(await checkpoints.load()).values()]).toEqual([]);
  const stopping = kinesis.stop();
  finish?.();
  await stopping;
  const again = recordingHandler<KinesisStreamEvent>();
  await kinesis.start(again, { checkpoints });
  await kinesis.settled(9);
  expect(again.events.flatMap(textsOf)[0]).toBe('slow:0');
});

test('only records whose data match a filter are delivered; the others are passed by, and data that is no JSON', async () => {
  const checkpoints = checkpointsInMemory();
  const filterCriteria = {
    Filters: [{ Pattern: '{"data":{"kind":["wanted"],"units":[{"numeric":[">",5]}]}}' }],
  };
  const wanted = (units: number): string => JSON.stringify({ kind: 'wanted', units });
  await kinesis.put(
    wanted(1),
    wanted(6),
    'no JSON',
    '"wanted"',
    '{"kind":"other","units":7}',
    wanted(8),
    '{}',
  );
  const handler = recordingHandler<KinesisStreamEvent>();
  await kinesis.start(handler, { filterCriteria, checkpoints });
  await kinesis.settled(7);
  expect(handler.events.map(textsOf)).toEqual([[wanted(6), wanted(8)]]);
  await kinesis.stop();
  // The record at the end was kept back and is behind the checkpoint all the same.
  await kinesis.put(wanted(9));
  const second = recordingHandler<KinesisStreamEvent>();
  await kinesis.start(second, { checkpoints });
  await kinesis.settled(1);
  expect(second.events.flatMap(textsOf)).toEqual([wanted(9)]);
});

test.each([
  ['a tumbling window', { tumblingWindowInSeconds: 60 }, 'tumblingWindowInSeconds is not supported'],
  ['a parallelization factor of 11', { parallelizationFactor: 11 }, 'must lie between 1 and 10'],
  [
    'a filter on another field than data',
    { filterCriteria: { Filters: [{ Pattern: '{"partitionKey":["x"]}' }] } },
    'may name data, not "partitionKey"',
  ],
])('%s is refused at the start', async (_what, options, message) => {
  await expect(kinesis.start(recordingHandler(), options)).rejects.toThrow(message);
});

test('a merged shard is read after both of its parents', async () => {
  const { name } = kinesis.stream();
  const shards = async (count: number): Promise<void> =>
    until(`the stream has ${String(count)} shards`, async () => {
      const { Shards = [] } = await kinesis.client().send(new ListShardsCommand({ StreamName: name }));
      return Shards.length === count;
    });
  const shard = (number: number): string => `shardId-${String(number).padStart(12, '0')}`;
  const NewStartingHashKey = (2n ** 127n).toString();
  await kinesis
    .client()
    .send(new SplitShardCommand({ StreamName: name, ShardToSplit: shard(0), NewStartingHashKey }));
  await shards(3);
  await until('the halves take records', () =>
    kinesis.put(...numbers(20)).then(
      () => true,
      () => false,
    ),
  );
  const handler = recordingHandler<KinesisStreamEvent>((_event, call) => {
    // One of the parents is late.
    if (call < 5) throw new Error('not now');
  });
  await until('they are merged', () =>
    kinesis
      .client()
      .send(
        new MergeShardsCommand({ StreamName: name, ShardToMerge: shard(1), AdjacentShardToMerge: shard(2) }),
      )
      .then(
        () => true,
        () => false,
      ),
  );
  await shards(4);
  await until('the whole takes records', () =>
    kinesis.put('after').then(
      () => true,
      () => false,
    ),
  );
  const through: string[] = [];
  await kinesis.start(async (event) => {
    await handler(event);
    through.push(...textsOf(event));
  });
  await until(
    'all came',
    () => through.includes('after'),
    () => through,
  );
  expect(through.at(-1)).toBe('after');
  expect(new Set(through.slice(0, -1))).toEqual(new Set(numbers(20)));
});

test('a batch that is given up is kept in S3 under Lambda’s name, and its payload is the same batch again', async () => {
  const s3 = new S3Client({ ...clientSettings(serverEnvironment(), 'S3'), forcePathStyle: true });
  const Bucket = uniqueName('failed');
  await s3.send(new CreateBucketCommand({ Bucket }));
  const id = '0f1e2d3c-4b5a-4678-9abc-def012345678';
  await kinesis.put('bad', 'too');
  const handler = failsFor('bad');
  await kinesis.start(handler, {
    maximumRetryAttempts: 1,
    onFailure: failedBatchBucket(s3, Bucket, id),
  });
  await kinesis.settled(2);
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: `aws/lambda/${id}/shardId-000000000000/` }),
  );
  const [Key = ''] = Contents.map((object) => object.Key);
  const object = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const failed = JSON.parse((await object.Body?.transformToString()) ?? '') as FailedBatch;
  s3.destroy();
  expect(Contents).toHaveLength(1);
  const [day = '', second] =
    /(\d{4}\/\d\d\/\d\d)\/(.*)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(Key)?.slice(1) ?? [];
  expect(second).toBe(failed.timestamp.slice(0, 19).replaceAll(':', '.'));
  expect(day).toBe(failed.timestamp.slice(0, 10).replaceAll('-', '/'));
  expect(failed.requestContext).toMatchObject({
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: 2,
  });
  expect(JSON.parse(failed.payload)).toEqual(handler.events[0]);
});

test('after a failover records come in other batches, some of them twice, as the seed has it', async () => {
  const checkpoints = checkpointsInMemory();
  const texts = numbers(60);
  await kinesis.put(...texts.slice(0, 30));
  const before = recordingHandler<KinesisStreamEvent>();
  await kinesis.start(before, { checkpoints, batchSize: 10, reslicing: { seed: 7 } });
  await kinesis.settled(30);
  await kinesis.stop();
  await kinesis.put(...texts.slice(30));
  const after = recordingHandler<KinesisStreamEvent>();
  await kinesis.start(after, { checkpoints, batchSize: 10, reslicing: { seed: 7 } });
  await until('the last one came', () => after.events.flatMap(textsOf).includes('59'));
  expect(before.events.map((event) => event.Records.length)).toEqual([10, 10, 10]);
  const came = after.events.flatMap(textsOf);
  const twice = came.filter((text) => Number(text) < 30);
  expect(twice.length).toBeGreaterThan(0);
  expect(came).toEqual(texts.slice(30 - twice.length));
  const starts = (events: readonly KinesisStreamEvent[]): (string | undefined)[] =>
    events.map((event) => textsOf(event)[0]);
  expect(starts(after.events).some((text) => Number(text) % 10 !== 0)).toBe(true);
});

test('without that mode a source that is started again cuts on exactly after what was delivered', async () => {
  const checkpoints = checkpointsInMemory();
  await kinesis.put(...numbers(15));
  await kinesis.start(recordingHandler(), { checkpoints, batchSize: 10 });
  await kinesis.settled(15);
  await kinesis.stop();
  await kinesis.put('next');
  const after = recordingHandler<KinesisStreamEvent>();
  await kinesis.start(after, { checkpoints, batchSize: 10 });
  await until('the next one came', () => after.events.length > 0);
  expect(after.events.map(textsOf)).toEqual([['next']]);
});
