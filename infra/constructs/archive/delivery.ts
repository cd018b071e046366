import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, LogStream, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { errorPrefix, jsonFields, usagePrefix } from '../../../orchestrator/archive/layout';
import { acknowledgeObjects } from '../wildcards';
import type { UsageTable } from './usage-table';

export interface ArchiveDeliveryProps {
  readonly usage: IStream;
  readonly bucket: Bucket;
  readonly table: UsageTable;
  readonly logRetention: RetentionDays;
  readonly encryptionKey: IKey | undefined;
}

/** By arrival at Firehose, in UTC. */
const byHour = 'day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/';

/** Firehose from the usage stream to the bucket, as Parquet with the table's columns. */
export class ArchiveDelivery extends Construct {
  readonly role: Role;
  readonly logGroup: LogGroup;
  readonly deliveryStream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: ArchiveDeliveryProps) {
    super(scope, id);
    const { usage, bucket, table, logRetention, encryptionKey } = props;
    const stack = Stack.of(this);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    const logStream = new LogStream(this, 'LogStream', {
      logGroup: this.logGroup,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
      description: 'Takes usage from its stream to the archive',
    });
    this.allowWhatItDoes(props);
    this.deliveryStream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'KinesisStreamAsSource',
      kinesisStreamSourceConfiguration: {
        kinesisStreamArn: usage.streamArn,
        roleArn: this.role.roleArn,
      },
      extendedS3DestinationConfiguration: {
        bucketArn: bucket.bucketArn,
        roleArn: this.role.roleArn,
        prefix: `${usagePrefix}${byHour}`,
        errorOutputPrefix: `${errorPrefix}!{firehose:error-output-type}/${byHour}`,
        fileExtension: '.parquet',
        // Parquet compresses by itself; with conversion Firehose takes nothing else here.
        compressionFormat: 'UNCOMPRESSED',
        bufferingHints: { sizeInMBs: 128, intervalInSeconds: 900 },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: this.logGroup.logGroupName,
          logStreamName: logStream.logStreamName,
        },
        dataFormatConversionConfiguration: {
          enabled: true,
          inputFormatConfiguration: {
            deserializer: {
              // Case-insensitive, it would look for `firstsequence` where the record says `firstSequence`.
              openXJsonSerDe: { caseInsensitive: false, columnToJsonKeyMappings: { ...jsonFields } },
            },
          },
          outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
          schemaConfiguration: {
            catalogId: stack.account,
            databaseName: table.database,
            tableName: table.tableName,
            region: stack.region,
            roleArn: this.role.roleArn,
            versionId: 'LATEST',
          },
        },
      },
    });
    Validations.of(this.deliveryStream).acknowledge({
      id: 'AwsSolutions-KDF1',
      reason:
        'With a Kinesis stream as its source Firehose keeps nothing itself: what is encrypted is that stream, and the setting is for what is put directly.',
    });
    this.deliveryStream.addResourceDependency(table.cfnTable);
    // Firehose tries its role when it is made; a role without its policy would fail the deployment.
    this.deliveryStream.node.addDependency(this.role);
  }

  /** The Firehose Developer Guide, "Controlling access", for this source, this conversion and this destination. */
  private allowWhatItDoes({ usage, bucket, table }: ArchiveDeliveryProps): void {
    this.allow(
      ['kinesis:DescribeStream', 'kinesis:GetShardIterator', 'kinesis:GetRecords', 'kinesis:ListShards'],
      [usage.streamArn],
    );
    usage.encryptionKey?.grantDecrypt(this.role);
    this.allow(['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'], table.arns);
    this.allow(
      ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      [bucket.bucketArn],
    );
    const written = [usagePrefix, errorPrefix].map((prefix) => `${prefix}*`);
    this.allow(
      ['s3:AbortMultipartUpload', 's3:PutObject'],
      written.map((pattern) => bucket.arnForObjects(pattern)),
    );
    for (const pattern of written) {
      acknowledgeObjects(
        this.role,
        bucket,
        pattern,
        'Firehose names its objects by their hour and at random.',
      );
    }
    bucket.encryptionKey?.grant(this.role, 'kms:Decrypt', 'kms:GenerateDataKey');
    this.allow(['logs:PutLogEvents'], [this.logGroup.logGroupArn]);
  }

  private allow(actions: string[], resources: string[]): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources }));
  }
}
