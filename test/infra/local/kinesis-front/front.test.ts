import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { startKinesis } from '../../../../infra/local/servers/kinesis';
import { newStream, recordsIn } from '../event-sources/streams-of-one-test';
import { until } from '../event-sources/until';
import { clientOf, type Servers, startServers } from './servers';

const KiB = 1024;
const shard = (number: number): string => `shardId-${String(number).padStart(12, '0')}`;
/** Hash keys of the two halves of a stream of two shards. */
const halves = ['0', String(2n ** 128n - 1n)];

let servers: Servers;

beforeAll(async () => {
  servers = await startServers();
});

afterAll(async () => {
  await servers?.stop();
});

async function iteratorOf(
  client: KinesisClient,
  name: string,
  shardId = shard(0),
): Promise<string | undefined> {
  const answer = await client.send(
    new GetShardIteratorCommand({ StreamName: name, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  return answer.ShardIterator;
}

const record = (size: number, half = 0, text = ''): PutRecordsRequestEntry => ({
  PartitionKey: 'k',
  ExplicitHashKey: halves[half],
  Data: Buffer.alloc(size, text || 'x'),
});

const refusedWith = (name: string): Promise<unknown> => expect.objectContaining({ name }) as Promise<unknown>;

/** Of calls made at one time: how many got through, and the names of the others' errors. */
async function outcome(calls: readonly Promise<unknown>[]): Promise<{ done: number; errors: string[] }> {
  const settled = await Promise.allSettled(calls);
  const errors = settled.flatMap((call) => (call.status === 'rejected' ? [(call.reason as Error).name] : []));
  return { done: settled.length - errors.length, errors };
}

test('of the reads of a shard in one second the sixth is refused, whoever makes it', async () => {
  const { client } = await servers.front();
  const { name } = await newStream(servers.direct, 'reads', 2);
  const [first, second] = [await iteratorOf(client, name), await iteratorOf(client, name)];
  const other = await iteratorOf(client, name, shard(1));
  const read = (ShardIterator: string | undefined) => client.send(new GetRecordsCommand({ ShardIterator }));
  const mine = [first, second, first, second, first, second].map(read);
  expect(await outcome(mine)).toEqual({ done: 5, errors: ['ProvisionedThroughputExceededException'] });
  await expect(read(other)).resolves.toMatchObject({ Records: [] });
});

test('a read that overdraws the bytes of the second is followed by refusals', async () => {
  const { client } = await servers.front({ readBytesPerSecond: 1_000, readsPerSecond: 1_000 });
  const { name } = await newStream(servers.direct, 'bytes');
  await servers.direct.send(new PutRecordCommand({ StreamName: name, ...record(60_000) }));
  const first = await client.send(new GetRecordsCommand({ ShardIterator: await iteratorOf(client, name) }));
  expect(first.Records?.map(({ Data }) => Data?.length)).toEqual([60_000]);
  const again = client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator }));
  await expect(again).rejects.toEqual(refusedWith('ProvisionedThroughputExceededException'));
});

test('a read of the largest size is followed by a pause', async () => {
  const { client } = await servers.front({ largestReadBytes: 60_000, pauseAfterLargestReadMs: 60_000 });
  const { name } = await newStream(servers.direct, 'pause');
  await servers.direct.send(new PutRecordCommand({ StreamName: name, ...record(60_000) }));
  const first = await client.send(new GetRecordsCommand({ ShardIterator: await iteratorOf(client, name) }));
  const again = client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator }));
  await expect(again).rejects.toEqual(refusedWith('ProvisionedThroughputExceededException'));
});

test('a shard takes 1 MiB a second', async () => {
  const { client } = await servers.front();
  const { name } = await newStream(servers.direct, 'written', 2);
  const put = (half: number) =>
    client.send(new PutRecordCommand({ StreamName: name, ...record(500 * KiB, half) }));
  expect(await outcome([put(0), put(0), put(0), put(1)])).toEqual({
    done: 3,
    errors: ['ProvisionedThroughputExceededException'],
  });
});

test('a shard takes 1,000 records a second', async () => {
  const { client } = await servers.front();
  const { name } = await newStream(servers.direct, 'records', 2);
  const Records = Array.from({ length: 500 }, () => record(1));
  const puts = [1, 2, 3].map(() => client.send(new PutRecordsCommand({ StreamName: name, Records })));
  const failed = (await Promise.all(puts)).map(({ FailedRecordCount = 0 }) => FailedRecordCount);
  expect(failed.sort((a, b) => a - b)).toEqual([0, 0, 500]);
});

test('of a request that is more than a shard takes the rest is refused, record by record', async () => {
  const { client } = await servers.front({ writtenRecordsPerSecond: 2 });
  const { name } = await newStream(servers.direct, 'partly', 2);
  const Records = [...'abcde'].map((text, index) => record(1, index === 3 ? 1 : 0, text));
  const answer = await client.send(new PutRecordsCommand({ StreamName: name, Records }));
  const refused = {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: `Rate exceeded for shard ${shard(0)} in stream ${name} under account 000000000000.`,
  };
  const taken = (half: number) => ({
    ShardId: shard(half),
    SequenceNumber: expect.stringMatching(/^\d+$/) as string,
  });
  expect(answer.FailedRecordCount).toBe(2);
  expect(answer.Records).toMatchObject([taken(0), taken(0), refused, taken(1), refused]);
  const texts = (await recordsIn(servers.direct, name)).map(({ text }) => text);
  expect(texts).toEqual(['a', 'b', 'd']);
});

test('a request that no record of gets through is answered record by record as well', async () => {
  const { client } = await servers.front({ writtenRecordsPerSecond: 1 });
  const { name } = await newStream(servers.direct, 'none');
  const puts = [1, 2].map(() =>
    client.send(new PutRecordsCommand({ StreamName: name, Records: [record(1)] })),
  );
  const failed = (await Promise.all(puts)).map(({ FailedRecordCount }) => FailedRecordCount);
  expect(failed.sort()).toEqual([0, 1]);
});

test.each([
  ['more than 500 records', 'ValidationException', Array.from({ length: 501 }, () => record(1))],
  ['more than 10 MiB', 'InvalidArgumentException', Array.from({ length: 11 }, () => record(960 * KiB))],
  ['a record of more than 1 MiB', 'InvalidArgumentException', [record(1), record(KiB * KiB + 1)]],
])('a request with %s is refused as a whole', async (_what, error, Records) => {
  const { client } = await servers.front();
  const { name } = await newStream(servers.direct, 'sizes');
  const put = client.send(new PutRecordsCommand({ StreamName: name, Records }));
  await expect(put).rejects.toEqual(refusedWith(error));
  expect(await recordsIn(servers.direct, name)).toEqual([]);
});

test('a record of 1 MiB is taken, with its partition key on top', async () => {
  const { client } = await servers.front();
  const { name } = await newStream(servers.direct, 'largest');
  await client.send(new PutRecordCommand({ StreamName: name, ...record(KiB * KiB) }));
});

test('a body larger than any request can be is refused without being kept, and the connection goes on', async () => {
  const { client, endpoint } = await servers.front();
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'Kinesis_20131202.PutRecords', 'content-type': 'application/x-amz-json-1.1' },
    body: Buffer.alloc(20 * KiB * KiB),
  });
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({ __type: 'InvalidArgumentException' });
  const { name } = await newStream(servers.direct, 'after');
  await client.send(new ListShardsCommand({ StreamName: name }));
});

test('CBOR is refused with a word about what to do', async () => {
  const { endpoint } = await servers.front();
  const headers = {
    'x-amz-target': 'Kinesis_20131202.ListStreams',
    'content-type': 'application/x-amz-cbor-1.1',
  };
  const answer = await fetch(endpoint, { method: 'POST', headers, body: '' });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    __type: 'SerializationException',
    message: expect.stringContaining('turn CBOR off') as string,
  });
});

test('an iterator that is too old has expired', async () => {
  const { client } = await servers.front({ iteratorLifeMs: 0 });
  const { name } = await newStream(servers.direct, 'expired');
  const read = client.send(new GetRecordsCommand({ ShardIterator: await iteratorOf(client, name) }));
  await expect(read).rejects.toEqual(refusedWith('ExpiredIteratorException'));
});

test('an iterator that nobody gave is an invalid argument', async () => {
  const { client } = await servers.front();
  const read = client.send(new GetRecordsCommand({ ShardIterator: 'AAAA' }));
  await expect(read).rejects.toEqual(refusedWith('InvalidArgumentException'));
});

test('the other operations have the rates of their documentation', async () => {
  const { client } = await servers.front();
  const { name } = await newStream(servers.direct, 'rates');
  const iterators = Array.from({ length: 6 }, () => iteratorOf(client, name));
  const descriptions = Array.from({ length: 11 }, () =>
    client.send(new DescribeStreamCommand({ StreamName: name })),
  );
  expect(await outcome(iterators)).toEqual({ done: 5, errors: ['ProvisionedThroughputExceededException'] });
  expect(await outcome(descriptions)).toEqual({ done: 10, errors: ['LimitExceededException'] });
});

test('after a split each child has a shard’s limits, and the parent’s iterators come to an end', async () => {
  const { client } = await servers.front({ writtenRecordsPerSecond: 1 });
  const { name } = await newStream(servers.direct, 'split');
  await client.send(new PutRecordCommand({ StreamName: name, ...record(1) }));
  const NewStartingHashKey = String(2n ** 127n);
  await client.send(new SplitShardCommand({ StreamName: name, ShardToSplit: shard(0), NewStartingHashKey }));
  await until('the stream has its new shards', async () => {
    const { Shards = [] } = await servers.direct.send(new ListShardsCommand({ StreamName: name }));
    return Shards.length === 3;
  });
  // What goes elsewhere than the front thinks makes it look at the shards again; then each child counts for itself.
  await until('a record went to each child in one second', async () => {
    const Records = [record(1, 0), record(1, 1), record(1, 0), record(1, 1)];
    const answer = await client.send(new PutRecordsCommand({ StreamName: name, Records }));
    const places = (answer.Records ?? []).map(
      ({ ShardId, ErrorMessage }) => ShardId ?? ErrorMessage?.split(' ')[4],
    );
    return (
      answer.FailedRecordCount === 2 && places.join() === [shard(1), shard(2), shard(1), shard(2)].join()
    );
  });
  const read = await client.send(new GetRecordsCommand({ ShardIterator: await iteratorOf(client, name) }));
  expect(read.Records).toHaveLength(1);
  const end = read.NextShardIterator
    ? await client.send(new GetRecordsCommand({ ShardIterator: read.NextShardIterator }))
    : read;
  expect(end.NextShardIterator ?? null).toBeNull();
});

test('a local system’s Kinesis keeps the limits unless told otherwise', async () => {
  const [limited, unlimited] = await Promise.all([
    startKinesis(servers.run),
    startKinesis(servers.run, { limits: false }),
  ]);
  const sixReads = async (endpoint: string): Promise<unknown> => {
    const patient = clientOf(endpoint, 3);
    const client = clientOf(endpoint, 1);
    const { name } = await newStream(patient, 'system');
    const ShardIterator = await iteratorOf(patient, name);
    const reads = Array.from({ length: 6 }, () => client.send(new GetRecordsCommand({ ShardIterator })));
    const { errors } = await outcome(reads);
    for (const one of [patient, client]) one.destroy();
    return errors;
  };
  expect(await sixReads(limited.endpoint)).toEqual(['ProvisionedThroughputExceededException']);
  expect(await sixReads(unlimited.endpoint)).toEqual([]);
  await Promise.all([limited.stop(), unlimited.stop()]);
});
