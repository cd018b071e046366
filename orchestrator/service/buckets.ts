import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/** Lists one object of a bucket, which tells whether it is there and may be read; throws what is in the way. */
export async function tryBucket(bucket: string, region: string, variables: AwsEnvironment): Promise<void> {
  const settings = clientSettings('S3', region, variables);
  const client = new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
  try {
    await asking(`listing s3://${bucket}`, () =>
      client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'releases/', MaxKeys: 1 })),
    );
  } finally {
    client.destroy();
  }
}
