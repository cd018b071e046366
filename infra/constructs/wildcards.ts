import { Stack, Validations } from 'aws-cdk-lib';
import { type Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';

/** Says to cdk-nag why a role may do something with all resources of a kind. */
export function acknowledgeWildcard(role: IConstruct, resource: string, reason: string): void {
  Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}

/** Says to cdk-nag why a role may do something with all objects of a bucket whose keys match a pattern. */
export function acknowledgeObjects(role: IConstruct, bucket: Bucket, pattern: string, reason: string): void {
  const { defaultChild } = bucket.node;
  if (!(defaultChild instanceof CfnBucket)) return;
  acknowledgeWildcard(role, `<${Stack.of(bucket).getLogicalId(defaultChild)}.Arn>/${pattern}`, reason);
}
