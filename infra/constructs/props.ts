import type { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ArchiveProps } from './archive';
import type { StreamedTable } from './streamed-table';
import type { SecretText, SuspensionCache } from './suspension-cache';

/** What a Spillway protects, and where it stands. */
export interface SpillwayProps {
  /** The tables that are protected. */
  readonly tables: readonly StreamedTable[];

  /** Where the cache and the two functions that reach it stand; your API must reach the same cache from there. */
  readonly vpc: IVpc;

  /**
   * Subnets of at least two zones.
   *
   * @default - the VPC's private subnets with egress, or else its isolated ones
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Whether to make the endpoints that the functions in the VPC need: DynamoDB's gateway and, where people are told,
   * SQS. Say `false` where the VPC has them, or a NAT: a second gateway on one route table cannot be deployed.
   *
   * @default true
   */
  readonly createVpcEndpoints?: boolean;

  /**
   * Changes of all tables in a day, from which the shards of the usage stream are worked out. Needed for a provisioned
   * stream unless `usageShards` is given.
   *
   * @default - `usageShards`, or an on-demand stream
   */
  readonly updatesPerDay?: number;

  /**
   * How many times the day's mean the busiest minutes have.
   *
   * @default 3
   */
  readonly peakFactor?: number;

  /**
   * Shards of the usage stream, where you know better than `updatesPerDay`.
   *
   * @default - from `updatesPerDay`
   */
  readonly usageShards?: number;

  /**
   * PROVISIONED costs by the shard and hour; ON_DEMAND by the byte, and needs no figure.
   *
   * @default StreamMode.PROVISIONED
   */
  readonly usageStreamMode?: StreamMode;

  /**
   * How long usage is kept to be read again: longer than the longest window.
   *
   * @default Duration.hours(24)
   */
  readonly usageRetention?: Duration;

  /**
   * How long the estimator waits for a batch to fill; the definition's `delay` must cover it.
   *
   * @default Duration.seconds(1)
   */
  readonly estimatorBatchWindow?: Duration;

  /**
   * How old a change may get while its batch is tried again. Then the batch goes to the failed-batch bucket, from where
   * `spillway redrive` brings it back, and detection goes on with what is new.
   *
   * @default Duration.minutes(15)
   */
  readonly estimatorMaxRecordAge?: Duration;

  /**
   * Tries of a failed batch after the first one.
   *
   * @default 100
   */
  readonly estimatorRetryAttempts?: number;

  /**
   * A cache of your own. Run it without eviction.
   *
   * @default - ElastiCache Serverless with Valkey, in the VPC
   */
  readonly cache?: SuspensionCache;

  /**
   * Stands in every key of the cache, so that several Spillways may share one.
   *
   * @default 'spillway'
   */
  readonly store?: string;

  /**
   * One length for all suspensions while no policy is applied; at least the window.
   *
   * @default - the default policy
   */
  readonly suspensionLength?: Duration;

  /**
   * A secret text of at least 32 characters, for tables with `privacy`.
   *
   * @default - none; needed where a table has `privacy`
   */
  readonly privacySalt?: SecretText;

  /**
   * Holds the address that takes POST requests when people are told.
   *
   * @default - no webhook
   */
  readonly notifyWebhook?: SecretText;

  /**
   * The topic on which people are told.
   *
   * @default - no topic
   */
  readonly notifyTopic?: ITopic;

  /**
   * The text that people are told (docs/suspensions.md).
   *
   * @default - the notifier's own
   */
  readonly notifyTemplate?: string;

  /**
   * Keeps concurrency for the alerter, the suspender and the operator function, nine in all, so that they run while
   * the account is busiest. Lambda wants 100 left for the others: say `false` in an account with a small quota.
   *
   * @default true
   */
  readonly reserveConcurrency?: boolean;

  /**
   * Encrypts streams, queues, buckets, the control table, the cache, secrets and logs.
   *
   * @default - keys that AWS manages
   */
  readonly encryptionKey?: IKey;

  /**
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * How long a batch that was given up can be brought back.
   *
   * @default Duration.days(30)
   */
  readonly failedBatchRetention?: Duration;

  /**
   * Keeps usage for billing and backtests (docs/archive.md): Firehose, a bucket, a Glue table and a workgroup of Athena.
   *
   * @default - no archive
   */
  readonly archive?: Omit<ArchiveProps, 'usage' | 'encryptionKey' | 'accessLogsBucket'>;

  /**
   * Names of the Flink applications in the service, `spillway-<environment>-<application>` as the orchestrator makes them:
   * they are watched by a dashboard and alarms (docs/metrics.md).
   *
   * @default - neither dashboard nor alarms
   */
  readonly watchedApplications?: readonly string[];

  /**
   * What an alarm does when it fires, and again when it is over.
   *
   * @default - it only changes its state
   */
  readonly alarmActions?: readonly IAlarmAction[];

  /**
   * What stands before a runbook's file name in an alarm's description: where your people read the docs.
   *
   * @default 'docs/runbooks/'
   */
  readonly runbooks?: string;

  /**
   * Takes the access logs of the two buckets.
   *
   * @default - no access logs
   */
  readonly accessLogsBucket?: IBucket;
}
