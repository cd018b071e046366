import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { acknowledgeObjects } from './wildcards';

/** Where Lambda puts what it gives up (Lambda Developer Guide, retain discarded records). */
const pattern = 'aws/lambda/*';

/**
 * A bucket as the destination of batches that an event source gives up: of all destinations the one that gets the
 * records themselves, which `spillway redrive` needs. It allows what Lambda's guide asks for; CDK's own class would also
 * let the function read and delete everything in the bucket.
 */
export function failedBatches(bucket: Bucket): IEventSourceDlq {
  return {
    bind: (_mapping, handler) => {
      const allow = (action: string, resource: string): void => {
        handler.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
      };
      allow('s3:ListBucket', bucket.bucketArn);
      allow('s3:PutObject', bucket.arnForObjects(pattern));
      bucket.encryptionKey?.grant(handler, 'kms:GenerateDataKey');
      const reason =
        'Lambda names each object by its event source, shard and time; nothing but Lambda writes there.';
      if (handler.role !== undefined) acknowledgeObjects(handler.role, bucket, pattern, reason);
      return { destination: bucket.bucketArn };
    },
  };
}
