import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { kinesisEventRecord } from './kinesis-event';
import type { StreamSourceOptions } from './source-options';
import type { IteratorLoss, Position, ReadRecord, ReadResult, Shard, StreamPort } from './stream-port';
import { startStreamSource, type StreamSource } from './stream-source';

/** Lambda's base rate for Kinesis, once a second (Developer Guide, "Polling and batching streams"). */
const pollIntervalMs = 1_000;

const recordsPerRead = 10_000;

/** A shard bears five reads a second (Kinesis Developer Guide, "Quotas and limits"); this one may be one of several readers. */
const leastReadIntervalMs = 205;

const mostPages = 100;

export interface KinesisSourceOptions extends StreamSourceOptions<KinesisStreamEvent> {
  readonly client: KinesisClient;
  readonly streamArn: string;
}

/** Runs a function on a Kinesis stream as Lambda does. Behaviour: docs/local-event-sources.md. */
export async function startKinesisSource(options: KinesisSourceOptions): Promise<StreamSource> {
  const region = await options.client.config.region();
  return startStreamSource(kinesisStream(options.client, options.streamArn, region), options, pollIntervalMs);
}

function kinesisStream(client: KinesisClient, streamArn: string, region: string): StreamPort {
  return {
    streamArn,
    batchInfoField: 'KinesisBatchInfo',
    leastReadIntervalMs,
    filterFields: ['data'],
    filterDocument: dataOf,

    async listShards(abortSignal) {
      const shards: Shard[] = [];
      let token: string | undefined;
      for (let page = 0; page < mostPages; page++) {
        const command = new ListShardsCommand(token ? { NextToken: token } : { StreamARN: streamArn });
        const answer = await client.send(command, { abortSignal });
        for (const shard of answer.Shards ?? []) {
          if (shard.ShardId === undefined) continue;
          shards.push({
            id: shard.ShardId,
            parents: [shard.ParentShardId, shard.AdjacentParentShardId].filter(
              (parent) => parent !== undefined,
            ),
            open: shard.SequenceNumberRange?.EndingSequenceNumber === undefined,
          });
        }
        token = answer.NextToken;
        if (token === undefined) return shards;
      }
      throw new Error(`the stream ${streamArn} has more than ${String(mostPages)} pages of shards`);
    },

    async openIterator(shardId, position, abortSignal) {
      const command = new GetShardIteratorCommand({
        StreamARN: streamArn,
        ShardId: shardId,
        ...iteratorAt(position),
      });
      const { ShardIterator: iterator } = await client.send(command, { abortSignal });
      if (iterator === undefined) throw new Error(`no iterator for the shard ${shardId}`);
      return iterator;
    },

    async read(shardId, iterator, abortSignal): Promise<ReadResult> {
      const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: recordsPerRead });
      const answer = await client.send(command, { abortSignal });
      const records = (answer.Records ?? []).map((record) => ({
        sequenceNumber: record.SequenceNumber ?? '',
        arrivedAtMs: record.ApproximateArrivalTimestamp?.getTime() ?? Date.now(),
        orderKey: record.PartitionKey ?? '',
        json: JSON.stringify(kinesisEventRecord(record, shardId, region, streamArn)),
      }));
      return {
        records,
        nextIterator: answer.NextShardIterator,
        atTip: (answer.MillisBehindLatest ?? 0) === 0,
      };
    },

    iteratorLoss,
  };
}

/** The data of a record as filters see it: data that is not JSON is never delivered through a filter. */
function dataOf({ json }: ReadRecord): unknown {
  const { kinesis } = JSON.parse(json) as KinesisStreamRecord;
  try {
    return { data: JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as unknown };
  } catch {
    return undefined;
  }
}

function iteratorAt(position: Position): {
  ShardIteratorType: 'TRIM_HORIZON' | 'LATEST' | 'AFTER_SEQUENCE_NUMBER';
  StartingSequenceNumber?: string;
} {
  if ('at' in position) return { ShardIteratorType: position.at };
  return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: position.after };
}

function iteratorLoss(error: unknown): IteratorLoss | undefined {
  if (error instanceof ExpiredIteratorException) return 'expired';
  if (error instanceof ResourceNotFoundException) return 'shard-gone';
  return undefined;
}
