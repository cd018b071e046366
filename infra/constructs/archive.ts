import { Aws, CfnOutput, type Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { errorPrefix } from '../../orchestrator/archive/layout';
import { ArchiveDelivery } from './archive/delivery';
import { grantQueries, resultPrefix } from './archive/queries';
import { archiveLifecycle, type ArchiveRetention } from './archive/retention';
import { UsageTable } from './archive/usage-table';

export interface ArchiveProps extends ArchiveRetention {
  /** The usage stream; Firehose is one of its readers. */
  readonly usage: IStream;

  /** Ends the name of the Glue database, `spillway_<name>`; dashes become underscores. */
  readonly name: string;

  /**
   * The first day of which there is usage, `2026-01-01`: earlier days are no partitions. Athena looks at each day that a
   * query leaves open.
   */
  readonly firstDay: string;

  /**
   * What one query may scan; a query that would read more is stopped and costs what it has read. At least 10 MB.
   *
   * @default 1_000_000_000_000, a terabyte
   */
  readonly mostBytesScanned?: number;

  /** @default - keys that AWS manages */
  readonly encryptionKey?: IKey;

  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;

  /** @default - no access logs */
  readonly accessLogsBucket?: IBucket;

  /**
   * How long results of queries are kept.
   *
   * @default Duration.days(30)
   */
  readonly resultRetention?: Duration;
}

/** Athena's own least (API reference, WorkGroupConfiguration). */
const leastCutoffBytes = 10_000_000;

/** Usage as Parquet in S3, and what is needed to ask Athena about it: docs/archive.md. */
export class Archive extends Construct {
  readonly bucket: Bucket;
  readonly table: UsageTable;
  readonly delivery: ArchiveDelivery;
  readonly workGroup: CfnWorkGroup;
  readonly workGroupName: string;

  constructor(scope: Construct, id: string, props: ArchiveProps) {
    super(scope, id);
    const { usage, encryptionKey, mostBytesScanned = 1_000_000_000_000, accessLogsBucket } = props;
    this.node.addValidation({ validate: () => problemsOf(props, mostBytesScanned) });
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // Years of usage are not to go with a stack.
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: archiveLifecycle(props, { errors: errorPrefix, results: resultPrefix }),
      ...(encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
      ...(accessLogsBucket === undefined
        ? {}
        : { serverAccessLogsBucket: accessLogsBucket, serverAccessLogsPrefix: 'archive/' }),
    });
    if (accessLogsBucket === undefined) {
      Validations.of(this.bucket).acknowledge({
        id: 'AwsSolutions-S1',
        reason:
          'Access logs go to a bucket that the account has for them: give it as accessLogsBucket. Without one there is none to write to.',
      });
    }
    this.table = new UsageTable(this, 'Usage', {
      bucket: this.bucket,
      database: `spillway_${props.name.replaceAll('-', '_')}`,
      firstDay: props.firstDay,
    });
    this.delivery = new ArchiveDelivery(this, 'Delivery', {
      usage,
      bucket: this.bucket,
      table: this.table,
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
      encryptionKey,
    });
    this.workGroupName = `spillway-${props.name}`;
    this.workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: this.workGroupName,
      description: 'Questions to the usage archive',
      workGroupConfiguration: {
        bytesScannedCutoffPerQuery: mostBytesScanned,
        // Else whoever asks could leave the bound and the encryption away.
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: this.bucket.s3UrlForObject(resultPrefix),
          encryptionConfiguration:
            encryptionKey === undefined
              ? { encryptionOption: 'SSE_S3' }
              : { encryptionOption: 'SSE_KMS', kmsKey: encryptionKey.keyArn },
          expectedBucketOwner: Aws.ACCOUNT_ID,
        },
      },
    });
    this.output('SpillwayArchiveBucket', this.bucket.bucketName);
    this.output('SpillwayArchiveDatabase', this.table.database);
    this.output('SpillwayArchiveWorkGroup', this.workGroupName);
  }

  /** Lets somebody ask Athena about usage in this workgroup, and read the objects themselves. */
  grantQueries(grantee: IGrantable): void {
    const { bucket, table, workGroupName } = this;
    grantQueries(grantee, { bucket, table, workGroupName });
  }

  private output(name: string, value: string): void {
    new CfnOutput(Stack.of(this), name, { value });
  }
}

function problemsOf(props: ArchiveProps, mostBytesScanned: number): string[] {
  const { name, firstDay } = props;
  const problems: string[] = [];
  if (!/^[a-z0-9][a-z0-9_-]{0,100}$/.test(name)) {
    problems.push(
      `\`name\` is ${JSON.stringify(name)}. Write lower-case letters, digits, dashes and underscores.`,
    );
  }
  if (!/^\d{4}-\d\d-\d\d$/.test(firstDay)) {
    problems.push(`\`firstDay\` is ${JSON.stringify(firstDay)}. Write a day such as 2026-01-01.`);
  }
  if (!Number.isInteger(mostBytesScanned) || mostBytesScanned < leastCutoffBytes) {
    problems.push(
      `\`mostBytesScanned\` is ${mostBytesScanned}. Athena takes a whole number of at least ${leastCutoffBytes}.`,
    );
  }
  return problems;
}
