import { KinesisFault, shardBusyMessage } from './fault';
import type { KinesisLimits } from './limits';

export interface RecordToPut {
  readonly PartitionKey?: string;
  readonly ExplicitHashKey?: string;
  /** As base64. */
  readonly Data?: string;
}

export interface PutResult {
  readonly ErrorCode?: string | null;
  readonly ErrorMessage?: string | null;
  readonly SequenceNumber?: string | null;
  readonly ShardId?: string | null;
}

/** What a record counts for: its data and its partition key. */
export function bytesOf(record: RecordToPut): number {
  return dataBytesOf(record) + Buffer.byteLength(record.PartitionKey ?? '');
}

/** Throws the service's error for what no shard would take however idle it was. */
export function checkSizes(records: readonly RecordToPut[], limits: KinesisLimits): void {
  if (records.length === 0 || records.length > limits.recordsPerPut) {
    const bound =
      records.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${limits.recordsPerPut}`;
    throw new KinesisFault(
      'ValidationException',
      `1 validation error detected: Value '[${records.length} records]' at 'records' failed to satisfy ` +
        `constraint: Member must have length ${bound}`,
    );
  }
  let sum = 0;
  for (const record of records) {
    const size = dataBytesOf(record);
    sum += bytesOf(record);
    if (size > limits.recordBytes) {
      throw new KinesisFault(
        'InvalidArgumentException',
        `Record data size ${size} exceeds the stream's max record size of ${limits.recordBytes} bytes`,
      );
    }
  }
  if (sum > limits.bytesPerPut) {
    throw new KinesisFault(
      'InvalidArgumentException',
      `Records size ${sum} exceeds the limit of ${limits.bytesPerPut} bytes for one request`,
    );
  }
}

/** The answer for a record that its shard had no room for. */
export function refusedRecord(stream: string, shardId: string): PutResult {
  return {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: shardBusyMessage(stream, shardId),
  };
}

/** Puts the server's results for the records it was sent back into the places of all of the request's. */
export function mergedResults(
  refused: readonly (PutResult | undefined)[],
  taken: readonly PutResult[],
): { readonly FailedRecordCount: number; readonly Records: readonly PutResult[] } {
  const left = taken[Symbol.iterator]();
  const Records = refused.map(
    (result): PutResult => result ?? left.next().value ?? { ErrorCode: 'InternalFailure' },
  );
  return {
    FailedRecordCount: Records.filter(({ ErrorCode }) => (ErrorCode ?? null) !== null).length,
    Records,
  };
}

function dataBytesOf({ Data = '' }: RecordToPut): number {
  return Buffer.byteLength(Data, 'base64');
}
