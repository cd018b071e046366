import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import * as kinesis from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Redis } from 'ioredis';
import { kinesisClient } from '../../../lambdas/delivery/kinesis-client';
import { warmSystem } from '../../parts/warm-system';
import { eventually } from '../../parts/eventually';

const { environment, redisUrl, flinkRestUrl, processIds } = warmSystem();
const settings = (service: string) => ({
  region: 'us-east-1',
  endpoint: environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

test('DynamoDB writes an item and gives its old and new image on the table’s stream', async () => {
  const tables = new DynamoDBClient(settings('DYNAMODB'));
  const streams = new DynamoDBStreamsClient(settings('DYNAMODB_STREAMS'));
  const TableName = 'servers-test';
  const { TableDescription } = await tables.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  await tables.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, note: { S: 'first' } } }));
  await tables.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, note: { S: 'second' } } }));

  const StreamArn = TableDescription?.LatestStreamArn;
  const described = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = described.StreamDescription?.Shards?.[0]?.ShardId;
  let { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const changes: unknown[] = [];
  await eventually('two changes on the stream', async () => {
    const read = await streams.send(new GetRecordsCommand({ ShardIterator }));
    ShardIterator = read.NextShardIterator;
    for (const { dynamodb } of read.Records ?? []) {
      changes.push([dynamodb?.OldImage?.['note']?.S, dynamodb?.NewImage?.['note']?.S]);
    }
    return changes.length === 2;
  });

  expect(changes).toEqual([
    [undefined, 'first'],
    ['first', 'second'],
  ]);
  tables.destroy();
  streams.destroy();
});

test('Kinesis gives back what was put on a stream of many shards', async () => {
  const client = kinesisClient(environment);
  const StreamName = 'servers-test';
  await client.send(new kinesis.CreateStreamCommand({ StreamName, ShardCount: 60 }));
  await eventually('the stream to be active', async () => {
    const described = await client.send(new kinesis.DescribeStreamSummaryCommand({ StreamName }));
    return described.StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
  });
  const { ShardId, SequenceNumber } = await client.send(
    new kinesis.PutRecordCommand({ StreamName, PartitionKey: 'p', Data: Buffer.from('usage') }),
  );
  const { ShardIterator } = await client.send(
    new kinesis.GetShardIteratorCommand({
      StreamName,
      ShardId,
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: SequenceNumber,
    }),
  );
  const { Records } = await client.send(new kinesis.GetRecordsCommand({ ShardIterator }));
  const { StreamDescriptionSummary } = await client.send(
    new kinesis.DescribeStreamSummaryCommand({ StreamName }),
  );

  expect(Records?.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(['usage']);
  expect(StreamDescriptionSummary?.StreamARN).toBe(
    'arn:aws:kinesis:us-east-1:000000000000:stream/servers-test',
  );
  await client.send(new kinesis.DeleteStreamCommand({ StreamName }));
  client.destroy();
});

test('SQS gives a message to whoever uses the URL of its queue', async () => {
  const client = new SQSClient(settings('SQS'));
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'servers-test' }));
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'request' }));
  const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));

  expect(QueueUrl).toBe(`${environment['AWS_ENDPOINT_URL_SQS'] ?? ''}/000000000000/servers-test`);
  expect(Messages?.map(({ Body }) => Body)).toEqual(['request']);
  client.destroy();
});

test('S3 takes and gives an object as large as a release, addressed by path', async () => {
  const client = new S3Client(settings('S3'));
  const place = { Bucket: 'servers-test', Key: 'releases/throttle.jar' };
  const bytes = randomBytes(24 * 1024 * 1024);
  await client.send(new CreateBucketCommand({ Bucket: place.Bucket }));
  await client.send(new PutObjectCommand({ ...place, Body: bytes }));
  const { Body } = await client.send(new GetObjectCommand(place));
  const read = Buffer.from((await Body?.transformToByteArray()) ?? []);

  expect(read.equals(bytes)).toBe(true);
  client.destroy();
});

test('Redis keeps a value until its time is over and runs Lua', async () => {
  const client = new Redis(redisUrl);
  expect(await client.set('servers-test', 'x', 'EX', 60, 'NX')).toBe('OK');
  expect(await client.set('servers-test', 'y', 'EX', 60, 'NX')).toBeNull();
  expect(await client.eval('return redis.call("GET", KEYS[1])', 1, 'servers-test')).toBe('x');
  await client.quit();
});

test('Flink offers its task slots', async () => {
  const response = await fetch(`${flinkRestUrl}/overview`);
  expect(await response.json()).toMatchObject({ taskmanagers: 1, 'slots-total': 8 });
});

test('every server refuses a connection to another address of this machine', async () => {
  const endpoints = [...Object.values(environment).filter((value) => value.startsWith('http')), redisUrl];
  const ports = new Set([...endpoints, flinkRestUrl].map((endpoint) => Number(new URL(endpoint).port)));
  const reached = await Promise.all(
    [...ports].map(async (port) => [port, await connects('127.0.0.2', port)]),
  );

  expect(ports.size).toBe(5);
  expect(reached.filter(([, connected]) => connected)).toEqual([]);
});

test('no socket of any server’s process listens beyond 127.0.0.1', () => {
  const listening = processIds.flatMap((pid) => listeningAddresses(pid));

  // Elsewhere than on Linux nothing can be read here; the test above still looks at what is known.
  expect(listening.length).toBeGreaterThanOrEqual(process.platform === 'linux' ? 9 : 0);
  expect(listening.filter((address) => !LOOPBACK.has(address))).toEqual([]);
});

/** 127.0.0.1 as the kernel writes it, for IPv4 and for IPv4 inside IPv6. */
const LOOPBACK = new Set(['0100007F', '0000000000000000FFFF00000100007F']);
const LISTEN = '0A';

async function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 2_000 });
    const end = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
  });
}

function listeningAddresses(pid: number): string[] {
  if (process.platform !== 'linux') return [];
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        // Closed since the folder was read.
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN && sockets.has(fields[9] ?? ''))
      .map((fields) => fields[1]?.split(':')[0] ?? ''),
  );
}
