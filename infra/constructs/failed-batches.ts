import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * A bucket as the destination of batches that an event source gives up: of all destinations the one that gets the
 * records themselves, which `spillway redrive` needs. It allows what Lambda's guide asks for; CDK's own class would also
 * let the function read and delete everything in the bucket.
 */
export function failedBatches(bucket: IBucket): IEventSourceDlq {
  return {
    bind: (_mapping, handler) => {
      handler.addToRolePolicy(
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
      );
      handler.addToRolePolicy(
        new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('aws/lambda/*')] }),
      );
      bucket.encryptionKey?.grant(handler, 'kms:GenerateDataKey');
      return { destination: bucket.bucketArn };
    },
  };
}
