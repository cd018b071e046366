import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { type Backoff, deliveryBackoff, sendUntilAccepted } from './backoff';
import { type CallLimits, cutIntoCalls } from './calls';

export interface KinesisRecord {
  readonly partitionKey: string;
  readonly data: Buffer;
}

/** Where records are put. */
export interface KinesisStream {
  /** Resolves when every record is in the stream; throws when some are not after all tries. */
  put(records: readonly KinesisRecord[]): Promise<void>;
}

/**
 * Half of what PutRecords takes in bytes (10 MiB, partition keys included; Kinesis API Reference, PutRecords): a
 * shard takes 1 MiB a second, so that larger calls only come back with more records to send again.
 */
export const putRecordsLimits: CallLimits = { items: 500, bytes: 5 * 1024 * 1024 };

/** The most bytes of one record, its partition key included, that every stream takes (the default of 1 MiB). */
export const recordLimitBytes = 1024 * 1024;

/** The stream of the given name in the client's region and account. */
export function kinesisStream(
  client: KinesisClient,
  name: string,
  backoff: Backoff = deliveryBackoff,
): KinesisStream {
  return {
    async put(records) {
      for (const call of cutIntoCalls(records, bytesOf, putRecordsLimits)) {
        let lastError = '';
        const left = await sendUntilAccepted(
          call,
          async (batch) => {
            const answer = await client.send(
              new PutRecordsCommand({
                StreamName: name,
                Records: batch.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
              }),
            );
            const refused = batch.filter((_, index) => answer.Records?.[index]?.ErrorCode !== undefined);
            const first = answer.Records?.find((result) => result.ErrorCode !== undefined);
            if (first) lastError = `${first.ErrorCode ?? ''}: ${first.ErrorMessage ?? ''}`;
            return refused;
          },
          backoff,
        );
        if (left.length > 0) {
          throw new Error(
            `the stream ${name} refused ${String(left.length)} of ${String(call.length)} records ` +
              `${String(backoff.tries)} times (${lastError}). The batch fails so that it is tried again; ` +
              `if this lasts, give the stream more shards.`,
          );
        }
      }
    },
  };
}

function bytesOf(record: KinesisRecord): number {
  return record.data.length + Buffer.byteLength(record.partitionKey);
}
