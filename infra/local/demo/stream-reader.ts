import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import type { z } from 'zod';
import { parseRecord } from '../../../lambdas/contracts/parse';
import { pause } from '../event-sources/pause';

/**
 * Reads a stream from its start until the signal, shard by shard, and hands every record that parses to
 * `onRecord`. It is a bystander that shows what passes by; nothing depends on it.
 */
export async function readStream<T>(
  client: KinesisClient,
  streamName: string,
  schema: z.ZodType<T>,
  onRecord: (record: T) => void,
  signal: AbortSignal,
): Promise<void> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: streamName }));
  const shardIds = Shards.flatMap((shard) => shard.ShardId ?? []);
  await Promise.all(
    shardIds.map((shardId) => readShard(client, streamName, shardId, schema, onRecord, signal)),
  );
}

async function readShard<T>(
  client: KinesisClient,
  streamName: string,
  shardId: string,
  schema: z.ZodType<T>,
  onRecord: (record: T) => void,
  signal: AbortSignal,
): Promise<void> {
  let last: string | undefined;
  let iterator = await iteratorAfter(client, streamName, shardId, last);
  while (iterator !== undefined && !signal.aborted) {
    try {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 1_000 }));
      for (const { Data, SequenceNumber } of answer.Records ?? []) {
        last = SequenceNumber;
        const parsed = parseRecord(schema, Buffer.from(Data ?? []).toString('utf8'));
        if (parsed.ok) onRecord(parsed.value);
      }
      iterator = answer.NextShardIterator;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ExpiredIteratorException)) throw error;
      iterator = await iteratorAfter(client, streamName, shardId, last);
    }
    await pause(500, signal);
  }
}

async function iteratorAfter(
  client: KinesisClient,
  streamName: string,
  shardId: string,
  last: string | undefined,
): Promise<string | undefined> {
  const from =
    last === undefined
      ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
      : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: last } as const);
  const answer = await client.send(
    new GetShardIteratorCommand({ StreamName: streamName, ShardId: shardId, ...from }),
  );
  return answer.ShardIterator;
}
