import { Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { usagePrefix } from '../../../orchestrator/archive/layout';
import type { UsageTable } from './usage-table';

/** Where Athena writes what queries answer. */
export const resultPrefix = 'query-results/';

export interface Queried {
  readonly bucket: Bucket;
  readonly table: UsageTable;
  readonly workGroupName: string;
}

/** Queries in the workgroup, over the one table, with results where the workgroup puts them; no definition is changed. */
export function grantQueries(grantee: IGrantable, { bucket, table, workGroupName }: Queried): void {
  const allow = (actions: string[], resourceArns: string[]): void => {
    Grant.addToPrincipal({ grantee, actions, resourceArns });
  };
  const workGroup = Stack.of(bucket).formatArn({
    service: 'athena',
    resource: 'workgroup',
    resourceName: workGroupName,
  });
  allow(
    [
      'athena:StartQueryExecution',
      'athena:StopQueryExecution',
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
      'athena:GetWorkGroup',
    ],
    [workGroup],
  );
  allow(['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'], table.arns);
  allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [bucket.bucketArn]);
  allow(['s3:GetObject'], [bucket.arnForObjects(`${usagePrefix}*`)]);
  allow(
    ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
    [bucket.arnForObjects(`${resultPrefix}*`)],
  );
  bucket.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
}
