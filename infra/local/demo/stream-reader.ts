import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import type { z } from 'zod';
import { parseRecord } from '../../../lambdas/contracts/parse';
import { backoffMs, pause } from '../event-sources/pause';

/** Hears each record, and the epoch millisecond at which Kinesis took it. */
export type OnRecord<T> = (record: T, arrivedAtMs: number) => void;

/** A shard gives all its readers together five reads a second; a bystander takes one of them. */
const pollIntervalMs = 1_000;
const discoveryIntervalMs = 10_000;
const mostFailuresInARow = 10;
const longestBackoffMs = 5_000;

/**
 * Reads a stream from its start until the signal, shard by shard, and hands every record that parses to
 * `onRecord`. Shards that appear later are read too, their records perhaps before their parents' last ones.
 * It is a bystander that shows what passes by; nothing depends on it. What fails is tried again; rejects with the
 * stream's error after ten failures in a row.
 */
export async function readStream<T>(
  client: KinesisClient,
  streamName: string,
  schema: z.ZodType<T>,
  onRecord: OnRecord<T>,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set<string>();
  const failed = new AbortController();
  const ending = AbortSignal.any([signal, failed.signal]);
  const readers: Promise<void>[] = [];
  let failure: { readonly cause: unknown } | undefined;
  while (!ending.aborted) {
    for (const shardId of (await untilItWorks(() => shardsOf(client, streamName), ending)) ?? []) {
      if (known.has(shardId)) continue;
      known.add(shardId);
      const reader = readShard(client, streamName, shardId, schema, onRecord, ending);
      readers.push(
        reader.catch((cause: unknown) => {
          failure ??= { cause };
          failed.abort();
        }),
      );
    }
    await pause(discoveryIntervalMs, ending);
  }
  await Promise.all(readers);
  if (failure !== undefined && !signal.aborted) throw failure.cause;
}

async function shardsOf(client: KinesisClient, streamName: string): Promise<string[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: streamName }));
  return Shards.flatMap((shard) => shard.ShardId ?? []);
}

async function readShard<T>(
  client: KinesisClient,
  streamName: string,
  shardId: string,
  schema: z.ZodType<T>,
  onRecord: OnRecord<T>,
  signal: AbortSignal,
): Promise<void> {
  let last: string | undefined;
  const reopen = (): Promise<string | undefined> => iteratorAfter(client, streamName, shardId, last);
  let iterator = await untilItWorks(reopen, signal);
  while (iterator !== undefined && !signal.aborted) {
    const from: string = iterator;
    iterator = await untilItWorks(async () => {
      try {
        const answer = await client.send(new GetRecordsCommand({ ShardIterator: from, Limit: 1_000 }));
        for (const { Data, SequenceNumber, ApproximateArrivalTimestamp } of answer.Records ?? []) {
          last = SequenceNumber;
          const parsed = parseRecord(schema, Buffer.from(Data ?? []).toString('utf8'));
          if (parsed.ok) onRecord(parsed.value, ApproximateArrivalTimestamp?.getTime() ?? Date.now());
        }
        return answer.NextShardIterator;
      } catch (error) {
        if (!(error instanceof ExpiredIteratorException)) throw error;
        return reopen();
      }
    }, signal);
    await pause(pollIntervalMs, signal);
  }
}

/** Tries again after a growing pause, as other readers may have used up a shard's reads; undefined after the signal. */
async function untilItWorks<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  for (let failures = 0; !signal.aborted;) {
    try {
      return await attempt();
    } catch (cause) {
      if (signal.aborted) return undefined;
      failures += 1;
      if (failures === mostFailuresInARow) throw cause;
      await pause(backoffMs(failures, pollIntervalMs, longestBackoffMs), signal);
    }
  }
  return undefined;
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
