import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  PutRecordCommand,
  ListShardsCommand,
  ProvisionedThroughputExceededException,
} from '@aws-sdk/client-kinesis';
import { setTimeout as wait } from 'node:timers/promises';
import { kinesisClient } from '../../lambdas/delivery/kinesis-client';
import type { AwsEnvironment } from './aws-environment';
import { asking } from './service-fault';

/** Kinesis streams as the command line reads and writes them. Errors are UserFaults that say what was asked. */
export interface Streams {
  /** Hands over the text of every record that arrived since then, shard by shard, up to the tip of each. */
  readSince(stream: string, sinceMs: number, take: (text: string) => void): Promise<void>;
  put(stream: string, partitionKey: string, text: string): Promise<void>;
  close(): void;
}

/** A shard bears five reads a second from all its readers together; one of ten is little to ask for. */
const betweenReadsMs = 500;
const mostReadsPerShard = 2_000;

export function kinesisStreams(region: string, variables: AwsEnvironment): Streams {
  const client = kinesisClient({ ...variables, AWS_REGION: region });
  return {
    readSince: (stream, sinceMs, take) =>
      asking(`reading the stream ${stream}`, async () => {
        const shards = await shardsOf(client, stream);
        await Promise.all(shards.map((shard) => readShard(client, stream, shard, sinceMs, take)));
      }),
    put: async (stream, PartitionKey, text) => {
      await asking(`writing to the stream ${stream}`, () =>
        client.send(new PutRecordCommand({ StreamName: stream, PartitionKey, Data: Buffer.from(text) })),
      );
    },
    close: () => {
      client.destroy();
    },
  };
}

async function shardsOf(client: KinesisClient, StreamName: string): Promise<string[]> {
  const shards: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListShardsCommand(NextToken === undefined ? { StreamName } : { NextToken }),
    );
    shards.push(...(page.Shards ?? []).flatMap(({ ShardId }) => ShardId ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return shards;
}

async function readShard(
  client: KinesisClient,
  stream: string,
  ShardId: string,
  sinceMs: number,
  take: (text: string) => void,
): Promise<void> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName: stream,
      ShardId,
      ShardIteratorType: 'AT_TIMESTAMP',
      Timestamp: new Date(sinceMs),
    }),
  );
  let iterator = ShardIterator;
  for (let read = 0; iterator !== undefined && read < mostReadsPerShard; read++) {
    try {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      for (const { Data } of answer.Records ?? []) take(Buffer.from(Data ?? []).toString('utf8'));
      if ((answer.MillisBehindLatest ?? 0) === 0) return;
      iterator = answer.NextShardIterator;
    } catch (cause) {
      // Others read here too, and they come first.
      if (!(cause instanceof ProvisionedThroughputExceededException)) throw cause;
    }
    await wait(betweenReadsMs);
  }
}
