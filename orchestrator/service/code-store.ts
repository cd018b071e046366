import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/** The code bucket: releases by their keys. A key is made of its content's hash, so nothing is written twice. */
export interface CodeStore {
  has(key: string): Promise<boolean>;
  /** Undefined where there is nothing of that key. */
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** The code bucket in S3: the one file that speaks to it. */
export function s3CodeStore(bucket: string, region: string, variables: AwsEnvironment): CodeStore {
  const settings = clientSettings('S3', region, variables);
  // A local server has no host name for each bucket.
  const client = new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
  return {
    has: (key) =>
      asking(`looking for s3://${bucket}/${key}`, async () => {
        try {
          await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
          return true;
        } catch (thrown) {
          if (thrown instanceof NotFound) return false;
          throw thrown;
        }
      }),
    get: (key) =>
      asking(`reading s3://${bucket}/${key}`, async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          return await Body?.transformToByteArray();
        } catch (thrown) {
          if (thrown instanceof NoSuchKey) return undefined;
          throw thrown;
        }
      }),
    put: (key, bytes) =>
      asking(`uploading s3://${bucket}/${key}`, async () => {
        const type = 'application/java-archive';
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: type }));
      }),
    close: () => {
      client.destroy();
    },
  };
}
