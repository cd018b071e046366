import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamEvent } from 'aws-lambda';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../../lambdas/delivery/log';
import { DuckDb } from '../../../orchestrator/archive/duckdb';
import { type Checkpoints, checkpointsInMemory } from '../event-sources/checkpoints';
import { startKinesisSource } from '../event-sources/kinesis';
import { backoffMs, errorText, pause } from '../event-sources/pause';
import { type BufferedRecord, DeliveryBuffer, type Taken } from './buffer';
import { toRow, Unconvertible } from './convert';
import { errorDocument, errorKey, objectKey } from './objects';
import { type UsageRow, writeParquet } from './parquet';

export interface DeliveryStreamOptions {
  readonly name: string;
  readonly kinesis: KinesisClient;
  readonly streamArn: string;
  readonly s3: S3Client;
  readonly bucket: string;
  /** For files that are on their way to the bucket. */
  readonly folder: string;
  /** Data before conversion that makes an object; the service takes 64 to 128. @default 64 */
  readonly bufferMegabytes?: number;
  /** Age of the first record that makes an object; the service takes 0 to 900. @default 30 */
  readonly bufferSeconds?: number;
  /** @default in memory: what is started anew reads the stream from its start */
  readonly checkpoints?: Checkpoints;
  readonly log: Log;
}

/** What was delivered so far. */
export interface Delivered {
  readonly records: number;
  readonly objects: number;
  /** Records that could not be converted. */
  readonly failed: number;
}

export interface DeliveryStream {
  delivered(): Delivered;
  /** Writes what is buffered. */
  flush(): Promise<void>;
  /** Ends reading, then writes what is buffered. */
  stop(): Promise<void>;
}

/** Firehose reads each shard once a second (Developer Guide, "Kinesis Data Streams as a source"). */
const pollIntervalMs = 1_000;

const longestPauseMs = 10_000;

/** Delivers a stream of usage to a bucket as Firehose does. Behaviour: docs/local-firehose.md. */
export async function startDeliveryStream(options: DeliveryStreamOptions): Promise<DeliveryStream> {
  const limits = { megabytes: options.bufferMegabytes ?? 64, seconds: options.bufferSeconds ?? 30 };
  const buffer = new DeliveryBuffer(options.checkpoints ?? checkpointsInMemory(), limits);
  await mkdir(options.folder, { recursive: true });
  const engine = await DuckDb.open({ threads: 1, memoryMegabytes: 256 });
  const delivery = new Delivery(options, buffer, engine);
  try {
    const source = await startKinesisSource({
      client: options.kinesis,
      streamArn: options.streamArn,
      handler: async ({ Records }: KinesisStreamEvent) => {
        buffer.add(Records.map(toBuffered), Date.now());
        if (buffer.isFull) await delivery.flush();
      },
      functionName: `delivery stream ${options.name}`,
      startingPosition: 'TRIM_HORIZON',
      batchSize: 10_000,
      // A write that fails is tried for ever and must not count as a record that failed.
      timeoutSeconds: 86_400,
      pollIntervalMs,
      checkpoints: buffer.checkpoints,
      log: options.log,
    });
    const timer = setInterval(() => {
      if (buffer.isDue(Date.now())) void delivery.flush();
    }, 1_000);
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      clearInterval(timer);
      delivery.giveUpTrying();
      await source.stop();
      await delivery.flush();
      engine.close();
    };
    return {
      delivered: () => delivery.delivered,
      flush: () => delivery.flush(),
      stop: () => (stopped ??= stop()),
    };
  } catch (cause) {
    engine.close();
    throw cause;
  }
}

function toBuffered({ kinesis }: KinesisStreamEvent['Records'][number]): BufferedRecord {
  return {
    text: Buffer.from(kinesis.data, 'base64').toString('utf8'),
    sequenceNumber: kinesis.sequenceNumber,
    arrivedAtMs: Math.round(kinesis.approximateArrivalTimestamp * 1_000),
  };
}

/** Writes objects one after the other. */
class Delivery {
  private counts: Delivered = { records: 0, objects: 0, failed: 0 };
  private last: Promise<void> = Promise.resolve();
  private readonly ending = new AbortController();

  constructor(
    private readonly options: DeliveryStreamOptions,
    private readonly buffer: DeliveryBuffer,
    private readonly engine: DuckDb,
  ) {}

  get delivered(): Delivered {
    return this.counts;
  }

  /** From now on a write that fails is tried once more and then left to whoever starts next. */
  giveUpTrying(): void {
    this.ending.abort();
  }

  flush(): Promise<void> {
    this.last = this.last.then(() => this.writeUntilDone(this.buffer.take()));
    return this.last;
  }

  /** "If this write fails, it is retried for ever, blocking further delivery" is the guide's word for what this does. */
  private async writeUntilDone(taken: Taken): Promise<void> {
    for (let failures = 0; ;) {
      try {
        if (taken.records.length > 0) await this.write(taken.records);
        return await this.buffer.keep(taken);
      } catch (cause) {
        failures += 1;
        const { name, bucket, log } = this.options;
        log({
          level: 'warn',
          event: 'delivery-failed',
          message: `${name} could not write to ${bucket}, and tries again: ${errorText(cause)}`,
          failures,
        });
        if (this.ending.signal.aborted && failures > 1) return;
        await pause(backoffMs(failures, 200, longestPauseMs), this.ending.signal);
      }
    }
  }

  private async write(records: readonly BufferedRecord[]): Promise<void> {
    const { name } = this.options;
    const oldestAtMs = records.reduce((oldest, { arrivedAtMs }) => Math.min(oldest, arrivedAtMs), Infinity);
    const rows: UsageRow[] = [];
    const errors: string[] = [];
    for (const record of records) {
      try {
        rows.push(toRow(record.text));
      } catch (fault) {
        if (!(fault instanceof Unconvertible)) throw fault;
        errors.push(errorDocument(record, fault, Date.now()));
      }
    }
    if (errors.length > 0) await this.put(errorKey(name, oldestAtMs), Buffer.from(errors.join('\n') + '\n'));
    if (rows.length > 0) {
      const file = join(this.options.folder, 'object.parquet');
      await writeParquet(this.engine, rows, file);
      await this.put(objectKey(name, oldestAtMs), await readFile(file));
      await rm(file);
    }
    this.counts = {
      records: this.counts.records + rows.length,
      objects: this.counts.objects + (rows.length > 0 ? 1 : 0),
      failed: this.counts.failed + errors.length,
    };
  }

  private async put(key: string, body: Buffer): Promise<void> {
    await this.options.s3.send(new PutObjectCommand({ Bucket: this.options.bucket, Key: key, Body: body }));
  }
}
