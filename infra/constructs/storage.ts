import type { Duration} from 'aws-cdk-lib';
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface StorageProps {
  readonly encryptionKey: IKey | undefined;
  readonly failedBatchRetention: Duration;
  readonly accessLogsBucket: IBucket | undefined;
}

/** What outlives everything else: the control table and the buckets. Nothing here is deleted with the stack. */
export class Storage extends Construct {
  /** Releases, generations, the lock, exemptions, decisions (docs/control-table.md). */
  readonly controlTable: Table;
  readonly codeBucket: Bucket;
  /** Takes the batches that event sources give up. */
  readonly failedBatchBucket: Bucket;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const { encryptionKey, failedBatchRetention, accessLogsBucket } = props;
    this.controlTable = new Table(this, 'Control', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(encryptionKey === undefined
        ? { encryption: TableEncryption.DEFAULT }
        : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
    });
    const bucket = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
    };
    const logged = (prefix: string) =>
      accessLogsBucket === undefined
        ? {}
        : { serverAccessLogsBucket: accessLogsBucket, serverAccessLogsPrefix: prefix };
    this.codeBucket = new Bucket(this, 'Code', { ...bucket, ...logged('code/'), versioned: true });
    this.failedBatchBucket = new Bucket(this, 'FailedBatches', {
      ...bucket,
      ...logged('failed-batches/'),
      lifecycleRules: [{ expiration: failedBatchRetention }],
    });
    if (accessLogsBucket !== undefined) return;
    for (const made of [this.codeBucket, this.failedBatchBucket]) {
      Validations.of(made).acknowledge({
        id: 'AwsSolutions-S1',
        reason:
          'Access logs go to a bucket that the account has for them: give it as accessLogsBucket. Without one there is none to write to.',
      });
    }
  }
}

/** Allows actions on items of the control table whose partition key matches one of the patterns, and on no others. */
export function grantItems(
  table: Table,
  grantee: IGrantable,
  actions: readonly string[],
  keys: readonly string[],
): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
    }),
  );
  // DynamoDB uses the key in the name of who asks (DynamoDB Developer Guide, encryption at rest).
  table.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey');
}
