import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import { setTimeout as pause } from 'node:timers/promises';
import { kinesisClient } from '../../lambdas/delivery/kinesis-client';
import { type KinesisRecord, kinesisStream } from '../../lambdas/delivery/kinesis-stream';
import { UserFault } from '../user-fault';
import type { AwsEnvironment } from './aws-environment';
import { asking } from './service-fault';

/** One record of a stream. */
export interface StreamRecord {
  partitionKey: string;
  text: string;
  arrivedAt: Date;
}

/** The port to Kinesis data streams. Every call throws a UserFault. */
export interface Streams {
  /**
   * What arrived from a moment on until the call, shard by shard and in each in order. Bounded in time and number:
   * throws where there is more.
   */
  read(stream: string, from: Date): Promise<StreamRecord[]>;
  /** Resolves when every record is in the stream. */
  put(stream: string, records: readonly KinesisRecord[]): Promise<void>;
  close(): void;
}

/** What reading may take. */
export interface ReadLimits {
  records: number;
  timeMs: number;
}

/** A day of excesses, at one a second, is less; in memory it is some hundred megabytes. */
const readLimits: ReadLimits = { records: 200_000, timeMs: 120_000 };

/** A shard gives all its readers together five reads a second (API reference, GetRecords); this one takes two. */
const betweenReadsMs = 500;

/** Kinesis of a region: the one file of the orchestrator that reads and writes streams. */
export function kinesisStreams(
  region: string,
  variables: AwsEnvironment,
  limits: ReadLimits = readLimits,
): Streams {
  const client = kinesisClient({ ...variables, AWS_REGION: region });

  const calling = async <T>(stream: string, what: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await asking(`${what} the stream ${stream}`, call);
    } catch (fault) {
      if (!(fault instanceof UserFault && fault.cause instanceof ResourceNotFoundException)) throw fault;
      throw new UserFault(
        `there is no stream ${stream} in ${region}: deploy the infrastructure first, or correct streams in ` +
          'environments.json',
        { cause: fault.cause },
      );
    }
  };

  async function shardsOf(stream: string): Promise<string[]> {
    const shards: string[] = [];
    let token: string | undefined;
    do {
      const ask = token === undefined ? { StreamName: stream } : { NextToken: token };
      const page = await calling(stream, 'listing the shards of', () =>
        client.send(new ListShardsCommand(ask)),
      );
      shards.push(...(page.Shards ?? []).flatMap(({ ShardId }) => ShardId ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return shards;
  }

  /** Reads a shard until its end, its tip, or a record that came after the reading began. */
  async function readShard(
    stream: string,
    shard: string,
    from: Date,
    until: Date,
    take: (record: StreamRecord) => void,
  ): Promise<void> {
    const start = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: from } as const;
    const first = await calling(stream, 'reading', () =>
      client.send(new GetShardIteratorCommand({ StreamName: stream, ShardId: shard, ...start })),
    );
    let iterator = first.ShardIterator;
    while (iterator !== undefined) {
      const from = iterator;
      const page = await calling(stream, 'reading', async () => {
        try {
          return await client.send(new GetRecordsCommand({ ShardIterator: from }));
        } catch (cause) {
          // Other readers used up the shard's reads of this second.
          if (cause instanceof ProvisionedThroughputExceededException) return undefined;
          throw cause;
        }
      });
      for (const { PartitionKey = '', Data = [], ApproximateArrivalTimestamp } of page?.Records ?? []) {
        const arrivedAt = ApproximateArrivalTimestamp ?? until;
        if (arrivedAt > until) return;
        take({ partitionKey: PartitionKey, text: Buffer.from(Data).toString('utf8'), arrivedAt });
      }
      if (page?.MillisBehindLatest === 0) return;
      if (page !== undefined) iterator = page.NextShardIterator;
      if (Date.now() - until.getTime() > limits.timeMs) {
        throw new UserFault(
          `the stream ${stream} holds more since ${start.Timestamp.toISOString()} than can be read in ` +
            `${limits.timeMs / 1_000} s: begin later`,
        );
      }
      await pause(betweenReadsMs);
    }
  }

  return {
    async read(stream, from) {
      const until = new Date();
      // Kinesis refuses to begin at a moment that is still to come.
      if (from >= until) return [];
      const records: StreamRecord[] = [];
      const take = (record: StreamRecord): void => {
        if (records.length === limits.records) {
          throw new UserFault(
            `the stream ${stream} holds more than ${limits.records} records since ${from.toISOString()}: begin later`,
          );
        }
        records.push(record);
      };
      const shards = await shardsOf(stream);
      await Promise.all(shards.map((shard) => readShard(stream, shard, from, until, take)));
      return records;
    },
    put: (stream, records) => calling(stream, 'writing to', () => kinesisStream(client, stream).put(records)),
    close: () => {
      client.destroy();
    },
  };
}
