import type { KinesisClient } from '@aws-sdk/client-kinesis';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { destroyClients, localClients, type LocalClients } from '../../../../infra/local/clients';
import { checkpointsInFile } from '../../../../infra/local/event-sources/checkpoints';
import {
  type DeliveryStream,
  type DeliveryStreamOptions,
  startDeliveryStream,
} from '../../../../infra/local/firehose/delivery-stream';
import type { UsageRecord } from '../../../../lambdas/contracts/usage-record';
import { kinesisStream } from '../../../../lambdas/delivery/kinesis-stream';
import type { LogLine } from '../../../../lambdas/delivery/log';
import { usageOnce } from '../../../../orchestrator/archive/entries-sql';
import { openFolderArchive } from '../../../../orchestrator/archive/folder-archive';
import { hourOf, hourPrefix } from '../../../../orchestrator/archive/layout';
import { copyArchive } from '../../../../orchestrator/archive/s3-copy';
import { newFolder, usage } from '../../../orchestrator/archive/archive-folder';
import { serverEnvironment } from '../event-sources/servers';
import { newStream, uniqueName } from '../event-sources/streams-of-one-test';
import { until } from '../event-sources/until';

let clients: LocalClients;
let kinesis: KinesisClient;
let s3: S3Client;
let stream: { name: string; arn: string };
let bucket: string;
let folder: string;
let lines: LogLine[];
let running: DeliveryStream[];

beforeEach(async () => {
  clients = localClients(serverEnvironment());
  ({ kinesis, s3 } = clients);
  stream = await newStream(kinesis, 'usage', 2);
  bucket = uniqueName('archive');
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  folder = newFolder();
  lines = [];
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((delivery) => delivery.stop()));
  destroyClients(clients);
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<DeliveryStreamOptions> = {}): Promise<DeliveryStream> {
  const delivery = await startDeliveryStream({
    name: 'usage',
    kinesis,
    streamArn: stream.arn,
    s3,
    bucket,
    folder: join(folder, `on-their-way-${running.length}`),
    bufferSeconds: 900,
    log: (line) => lines.push(line),
    ...options,
  });
  running.push(delivery);
  return delivery;
}

async function put(...texts: string[]): Promise<void> {
  await kinesisStream(kinesis, stream.name).put(
    texts.map((text, index) => ({ partitionKey: `key-${index}`, data: Buffer.from(text) })),
  );
}

async function keys(): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

/** Flushes until so many records are in objects. */
async function delivered(delivery: DeliveryStream, records: number): Promise<void> {
  await until(
    `${records} records are delivered`,
    async () => {
      await delivery.flush();
      return delivery.delivered().records >= records;
    },
    () => [delivery.delivered(), lines],
  );
}

const second = Date.UTC(2026, 9, 1, 12) / 1_000;
const records: readonly UsageRecord[] = [0, 1, 2, 3].map((at) =>
  usage({ second: second + at, batch: `batch-${at}`, firstSequence: String(at), lastSequence: String(at) }),
);
const texts = records.map((record) => JSON.stringify(record));

/** Rows of a query over what is in the bucket. */
async function ask<T>(
  sql: (archive: Awaited<ReturnType<typeof openFolderArchive>>) => Promise<string>,
  row: z.ZodType<T>,
): Promise<T[]> {
  const copy = join(folder, 'copy');
  await copyArchive('us-east-1', serverEnvironment(), bucket, copy);
  const archive = await openFolderArchive(copy, { threads: 1, memoryMegabytes: 256 });
  try {
    return (await archive.query(await sql(archive), row)).rows;
  } finally {
    archive.close();
  }
}

test('records become Parquet with the columns of the table, under the hour in which they arrived', async () => {
  const before = Math.floor(Date.now() / 1_000) - 60;
  const delivery = await start();
  await put(...texts);
  await delivered(delivery, texts.length);

  const hours = [hourOf(before), hourOf(Math.ceil(Date.now() / 1_000))].map(hourPrefix);
  for (const key of await keys()) {
    expect(hours.some((prefix) => key.startsWith(`${prefix}usage-1-`))).toBe(true);
    expect(key).toMatch(/\.parquet$/);
  }
  const columns = await ask(
    () => Promise.resolve('DESCRIBE usage'),
    z.object({ column_name: z.string(), column_type: z.string() }),
  );
  expect(columns.map(({ column_name, column_type }) => `${column_name} ${column_type}`)).toEqual([
    'version INTEGER',
    'source VARCHAR',
    'batch VARCHAR',
    'part BIGINT',
    'second BIGINT',
    'first_sequence VARCHAR',
    'last_sequence VARCHAR',
    'entries STRUCT(resource VARCHAR, "key" VARCHAR, subject VARCHAR, units BIGINT, writes BIGINT)[]',
    'day VARCHAR',
    'hour VARCHAR',
  ]);
  const copy = await openFolderArchive(join(folder, 'copy'));
  const read: UsageRecord[] = [];
  for await (const batch of copy.records({ fromSecond: second, untilSecond: second + 10 })) {
    read.push(...batch.map(({ record }) => record));
  }
  copy.close();
  expect(read).toEqual(records);
});

test('records that the columns cannot hold are kept as errors with what they held, and the others get through', async () => {
  const delivery = await start();
  const bad = ['no JSON', '{"version":1,"second":"noon"}', '[]', '{"version":1,"entries":[7]}'];
  await put(texts[0] ?? '', ...bad, texts[1] ?? '');
  await delivered(delivery, 2);
  await until('all errors are written', async () => {
    await delivery.flush();
    return delivery.delivered().failed === bad.length;
  });

  const errors = (await keys()).filter((key) => key.startsWith('errors/format-conversion-failed/day='));
  const documents: { rawData: string; ErrorCode: string }[] = [];
  for (const Key of errors) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const text = (await Body?.transformToString()) ?? '';
    for (const line of text.trim().split('\n')) {
      documents.push(JSON.parse(line) as { rawData: string; ErrorCode: string });
    }
  }
  expect(documents.map(({ rawData }) => Buffer.from(rawData, 'base64').toString()).sort()).toEqual(
    [...bad].sort(),
  );
  for (const { ErrorCode } of documents) expect(ErrorCode).toMatch(/^DataFormatConversion\./);
});

test('an object is written when there is enough of it', async () => {
  const delivery = await start({ bufferMegabytes: 0.000_1 });
  await put(...texts);
  await until(
    'they are delivered',
    () => delivery.delivered().records === texts.length,
    () => lines,
  );
});

test('an object is written when its first record is old enough', async () => {
  const delivery = await start({ bufferSeconds: 1 });
  await put(...texts);
  await until(
    'they are delivered',
    () => delivery.delivered().records === texts.length,
    () => lines,
  );
});

test('it ends with what is buffered', async () => {
  const delivery = await start();
  await put(...texts);
  await until('they are read', async () => {
    await delivery.flush();
    return delivery.delivered().records > 0;
  });
  await delivery.stop();
  const rows = await ask(
    () => Promise.resolve('SELECT COUNT(*) AS records FROM usage'),
    z.object({ records: z.number() }),
  );
  expect(rows).toEqual([{ records: delivery.delivered().records }]);
});

test('a bucket that refuses is tried again until it takes what there is', async () => {
  const later = uniqueName('archive-later');
  const delivery = await start({ bucket: later, bufferSeconds: 1 });
  await put(...texts);
  await until('a write has failed', () => lines.some(({ event }) => event === 'delivery-failed'));
  expect(delivery.delivered().records).toBe(0);
  await s3.send(new CreateBucketCommand({ Bucket: later }));
  await until(
    'they are delivered',
    () => delivery.delivered().records === texts.length,
    () => lines,
  );
});

test('what was buffered at an end without warning is read again, and repeats count once', async () => {
  const file = join(folder, 'checkpoints.json');
  const first = await start({ checkpoints: checkpointsInFile(file) });
  await put(...texts.slice(0, 2));
  await delivered(first, 2);
  await put(...texts.slice(2));
  // The first one reads these too and writes them at its end; to the second one it never wrote them.
  const second = await start({ checkpoints: checkpointsInFile(file) });
  await delivered(second, 2);
  await delivered(first, 4);

  const rows = await ask(
    async (archive) => {
      const { sql } = await usageOnce(archive, { fromSecond: 0, untilSecond: 4_000_000_000 });
      return `SELECT (SELECT COUNT(*) FROM usage) AS archived, COUNT(*) AS counted, SUM(units) AS units FROM (${sql}) AS entries`;
    },
    z.object({ archived: z.number(), counted: z.number(), units: z.number() }),
  );
  expect(rows).toEqual([{ archived: 6, counted: 4, units: 4 }]);
});
