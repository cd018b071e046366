import { createHash } from 'node:crypto';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Fault, messageOf } from './faults';
import type { CodeLocation } from './records';

/** The environment variables of an AWS client; here only those for S3 are read. */
export type AwsEnvironment = Readonly<Record<string, string | undefined>>;

export interface Code {
  bytes: Buffer;
  md5: string;
}

const NEVER_LARGER_THAN_BYTES = 512 * 1024 * 1024;

/** Where application code lies: the one place of the endpoint that speaks to S3. */
export class CodeInS3 {
  private readonly client: S3Client;

  constructor(environment: AwsEnvironment) {
    const endpoint = environment.AWS_ENDPOINT_URL_S3;
    this.client = new S3Client({
      region: environment.AWS_REGION ?? 'us-east-1',
      credentials: {
        accessKeyId: environment.AWS_ACCESS_KEY_ID ?? 'local',
        secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? 'local',
      },
      // A local server has no host name for each bucket.
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    });
  }

  /** The object's bytes; InvalidArgumentException where it is not there, as the service answers at create. */
  async read(location: CodeLocation): Promise<Code> {
    try {
      const object = await this.client.send(
        new GetObjectCommand({
          Bucket: location.bucket,
          Key: location.key,
          VersionId: location.objectVersion,
        }),
      );
      if ((object.ContentLength ?? 0) > NEVER_LARGER_THAN_BYTES) {
        throw new Error(`it has ${String(object.ContentLength)} bytes, more than ${NEVER_LARGER_THAN_BYTES}`);
      }
      const bytes = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
      return { bytes, md5: createHash('md5').update(bytes).digest('hex') };
    } catch (cause) {
      throw new Fault(
        'InvalidArgumentException',
        `Unable to read the application code s3://${location.bucket}/${location.key}: ${messageOf(cause).replace(/\.$/, '')}. ` +
          'Check the bucket, the file key and the permissions of the service execution role.',
        { cause },
      );
    }
  }

  close(): void {
    this.client.destroy();
  }
}

/** The bucket's name inside its ARN, `arn:aws:s3:::name`. */
export function bucketOf(bucketArn: string): string {
  return bucketArn.slice(bucketArn.lastIndexOf(':') + 1);
}

export function bucketArnOf(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}
