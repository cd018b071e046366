import { randomUUID } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { FailedBatch } from '../event-sources/failed-batch';

/**
 * An on-failure destination that is a bucket: writes each batch that was given up under the key that Lambda gives it,
 * `aws/lambda/<event source mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<random>` (Developer Guide, "Retain
 * discarded records").
 *
 * @param mapping the id of the event source mapping
 */
export function failedBatchBucket(
  s3: S3Client,
  bucket: string,
  mapping: string = randomUUID(),
): (failed: FailedBatch) => Promise<void> {
  return async (failed) => {
    const info = failed.DDBStreamBatchInfo ?? failed.KinesisBatchInfo;
    const day = failed.timestamp.slice(0, 10).replaceAll('-', '/');
    const time = failed.timestamp.slice(0, 19).replaceAll(':', '.');
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `aws/lambda/${mapping}/${info?.shardId ?? 'unknown'}/${day}/${time}-${randomUUID()}`,
        Body: JSON.stringify(failed),
        ContentType: 'application/json',
      }),
    );
  };
}
