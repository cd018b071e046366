import { createHash, randomUUID } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { FailedBatch } from './failed-batch';

export interface S3Destination {
  readonly client: S3Client;
  readonly bucket: string;
  /** The UUID of the event source mapping. */
  readonly eventSourceId: string;
}

/**
 * An on-failure destination that keeps each batch, its event included, as an object of the bucket, named as Lambda
 * names it: `aws/lambda/<event source>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<UUID>` (Developer Guide, "Retain
 * discarded records"). To invoke the function with the object's `payload` is to try the same batch again.
 */
export function onFailureToS3(destination: S3Destination): (failed: FailedBatch) => Promise<void> {
  return async (failed) => {
    await destination.client.send(
      new PutObjectCommand({
        Bucket: destination.bucket,
        Key: failedBatchKey(destination.eventSourceId, failed, randomUUID()),
        Body: JSON.stringify(failed),
        ContentType: 'application/json',
      }),
    );
  };
}

/** The name of a failed batch's object. All times are UTC. */
export function failedBatchKey(eventSourceId: string, failed: FailedBatch, uuid: string): string {
  const shardId = (failed.DDBStreamBatchInfo ?? failed.KinesisBatchInfo)?.shardId ?? '';
  const second = failed.timestamp.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
  const day = second.slice(0, 'YYYY-MM-DD'.length).replaceAll('-', '/');
  return `aws/lambda/${eventSourceId}/${shardId}/${day}/${second.replaceAll(':', '.')}-${uuid}`;
}

/** A UUID for the event source of a function on a stream; Lambda draws one, here the same two have the same. */
export function eventSourceId(functionName: string, streamArn: string): string {
  const hex = createHash('sha256').update(`${functionName} ${streamArn}`).digest('hex');
  // Version 8 is for UUIDs that are made in a way of one's own.
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
