import { randomUUID } from 'node:crypto';
import type { ReadRecord, StreamPort } from './stream-port';

export type GivenUpBecause = 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded';

/** Where a batch of one shard came from. */
export interface BatchInfo {
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
  readonly approximateArrivalOfFirstRecord: string;
  readonly approximateArrivalOfLastRecord: string;
  readonly batchSize: number;
  readonly streamArn: string;
}

/**
 * What an on-failure destination gets for a batch that was given up, in the form in which Lambda writes it to an S3
 * destination (Developer Guide, "Retain discarded records"): unlike what SQS and SNS get, it holds the event.
 */
export interface FailedBatch {
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: GivenUpBecause;
    readonly approximateInvokeCount: number;
  };
  readonly responseContext: {
    readonly statusCode: number;
    readonly executedVersion: string;
    readonly functionError: string;
  };
  readonly version: '1.0';
  readonly timestamp: string;
  readonly DDBStreamBatchInfo?: BatchInfo;
  readonly KinesisBatchInfo?: BatchInfo;
  /** The event as JSON: to invoke the function with it is to try the same batch again. */
  readonly payload: string;
}

/** Makes the document of a batch that was given up. The batch must not be empty. */
export function failedBatch(
  port: Pick<StreamPort, 'streamArn' | 'batchInfoField'>,
  functionName: string,
  shardId: string,
  batch: readonly ReadRecord[],
  condition: GivenUpBecause,
  invokeCount: number,
  nowMs: number,
): FailedBatch {
  const first = batch[0];
  const last = batch.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a batch has at least one record');
  const info: BatchInfo = {
    shardId,
    startSequenceNumber: first.sequenceNumber,
    endSequenceNumber: last.sequenceNumber,
    approximateArrivalOfFirstRecord: new Date(first.arrivedAtMs).toISOString(),
    approximateArrivalOfLastRecord: new Date(last.arrivedAtMs).toISOString(),
    batchSize: batch.length,
    streamArn: port.streamArn,
  };
  const [, , , region = '', account = ''] = port.streamArn.split(':');
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: `arn:aws:lambda:${region}:${account}:function:${functionName}`,
      condition,
      approximateInvokeCount: invokeCount,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    [port.batchInfoField]: info,
    payload: payloadOf(batch),
  };
}

/** The event of a batch, as JSON. */
export function payloadOf(batch: readonly ReadRecord[]): string {
  return `{"Records":[${batch.map(({ json }) => json).join(',')}]}`;
}
