import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { arnInRegion, dynamoDbEventRecord } from './dynamodb-event';
import type { StreamSourceOptions } from './source-options';
import type { IteratorLoss, Position, ReadResult, Shard, StreamPort } from './stream-port';
import { startStreamSource, type StreamSource } from './stream-source';

/** Lambda's base rate for DynamoDB streams, four times a second (Developer Guide, "Polling and batching streams"). */
const pollIntervalMs = 250;

const recordsPerRead = 1000;

/** GetRecords ends at 1 MB, which is more as JSON: an answer of this size may not have been all. */
const fullAnswerBytes = 500 * 1024;

/** No stream has so many pages of shards; a server that never ends the list must not hold the source for ever. */
const mostPages = 100;

export interface DynamoDbStreamSourceOptions extends StreamSourceOptions<DynamoDBStreamEvent> {
  readonly client: DynamoDBStreamsClient;
  readonly streamArn: string;
}

/** Runs a function on a table's stream as Lambda does. Behaviour: docs/local-event-sources.md. */
export async function startDynamoDbStreamSource(options: DynamoDbStreamSourceOptions): Promise<StreamSource> {
  const region = await options.client.config.region();
  return startStreamSource(
    dynamoDbStream(options.client, options.streamArn, region),
    options,
    pollIntervalMs,
  );
}

function dynamoDbStream(client: DynamoDBStreamsClient, streamArn: string, region: string): StreamPort {
  return {
    streamArn: arnInRegion(streamArn, region),
    batchInfoField: 'DDBStreamBatchInfo',
    leastReadIntervalMs: 0,
    filterFields: undefined,
    filterDocument: ({ json }) => JSON.parse(json) as unknown,

    async listShards(abortSignal) {
      const shards: Shard[] = [];
      let from: string | undefined;
      for (let page = 0; page < mostPages; page++) {
        const command = new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: from });
        const { StreamDescription: description } = await client.send(command, { abortSignal });
        for (const {
          ShardId: id,
          ParentShardId: parent,
          SequenceNumberRange: range,
        } of description?.Shards ?? []) {
          if (id === undefined) continue;
          shards.push({
            id,
            parents: parent ? [parent] : [],
            open: range?.EndingSequenceNumber === undefined,
          });
        }
        from = description?.LastEvaluatedShardId;
        if (from === undefined) return shards;
      }
      throw new Error(`the stream ${streamArn} has more than ${String(mostPages)} pages of shards`);
    },

    async openIterator(shardId, position, abortSignal) {
      const command = new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shardId,
        ...iteratorAt(position),
      });
      const { ShardIterator: iterator } = await client.send(command, { abortSignal });
      if (iterator === undefined) throw new Error(`no iterator for the shard ${shardId}`);
      return iterator;
    },

    async read(_shardId, iterator, abortSignal): Promise<ReadResult> {
      const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: recordsPerRead });
      const answer = await client.send(command, { abortSignal });
      const readAtMs = Date.now();
      const records = (answer.Records ?? []).map((record) => {
        const event = dynamoDbEventRecord(record, region, streamArn, readAtMs);
        return {
          sequenceNumber: record.dynamodb?.SequenceNumber ?? '',
          arrivedAtMs: readAtMs,
          orderKey: JSON.stringify(event.dynamodb?.Keys ?? {}),
          json: JSON.stringify(event),
        };
      });
      const bytes = records.reduce((sum, { json }) => sum + json.length, 0);
      const atTip = records.length < recordsPerRead && bytes < fullAnswerBytes;
      return { records, nextIterator: answer.NextShardIterator, atTip };
    },

    iteratorLoss,
  };
}

function iteratorAt(position: Position): {
  ShardIteratorType: 'TRIM_HORIZON' | 'LATEST' | 'AFTER_SEQUENCE_NUMBER';
  SequenceNumber?: string;
} {
  if ('at' in position) return { ShardIteratorType: position.at };
  return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.after };
}

function iteratorLoss(error: unknown): IteratorLoss | undefined {
  if (error instanceof ExpiredIteratorException) return 'expired';
  if (error instanceof TrimmedDataAccessException) return 'trimmed';
  if (error instanceof ResourceNotFoundException) return 'shard-gone';
  // DynamoDB Local's answer to an iterator that it no longer knows.
  return error instanceof Error && error.name === 'ValidationException' ? 'expired' : undefined;
}
