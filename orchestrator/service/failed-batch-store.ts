import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/** Batches that were given up, as Lambda keeps them in an on-failure destination. */
export interface FailedBatchStore {
  /** Keys of the batches that wait, sorted. */
  keys(): AsyncIterable<string>;
  read(key: string): Promise<string>;
  isPutAway(key: string): Promise<boolean>;
  /** Moves a batch to `redriven/`, where it is found no more. It is there before it is gone from here. */
  putAway(key: string, text: string): Promise<void>;
  close(): void;
}

/** Lambda's own prefix. */
const waiting = 'aws/lambda/';
const putAwayPrefix = 'redriven/';

/** Failed batches in a bucket: the one file that reads them from S3. */
export function s3FailedBatchStore(
  bucket: string,
  region: string,
  variables: AwsEnvironment,
): FailedBatchStore {
  const settings = clientSettings('S3', region, variables);
  const client = new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
  return {
    async *keys() {
      let token: string | undefined;
      do {
        const page = await asking(`listing s3://${bucket}/${waiting}`, () =>
          client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: waiting,
              ...(token !== undefined && { ContinuationToken: token }),
            }),
          ),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    read: (key) =>
      asking(`reading s3://${bucket}/${key}`, async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return (await Body?.transformToString()) ?? '';
      }),
    isPutAway: (key) =>
      asking(`looking for s3://${bucket}/${putAwayPrefix}${key}`, async () => {
        try {
          await client.send(new HeadObjectCommand({ Bucket: bucket, Key: putAwayPrefix + key }));
          return true;
        } catch (thrown) {
          if (thrown instanceof NotFound) return false;
          throw thrown;
        }
      }),
    putAway: (key, text) =>
      asking(`moving s3://${bucket}/${key} to ${putAwayPrefix}`, async () => {
        const put = { Bucket: bucket, Key: putAwayPrefix + key, Body: text, ContentType: 'application/json' };
        await client.send(new PutObjectCommand(put));
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      }),
    close: () => {
      client.destroy();
    },
  };
}
