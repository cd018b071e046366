import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNamespace, type MetricName } from '../../../lambdas/contracts/metrics';

const flink = 'Managed Service for Apache Flink Developer Guide, Metrics and dimensions';
const kinesis = 'Kinesis Data Streams Developer Guide, Monitoring with CloudWatch';
const lambda = 'Lambda Developer Guide, Types of metrics for Lambda functions';
const sqs = 'SQS Developer Guide, Available CloudWatch metrics';
const dynamodb = 'DynamoDB Developer Guide, Metrics and dimensions';

/** The metrics of AWS's that are used, by namespace and name: with their dimensions and where they are described. */
export const awsMetrics = {
  'AWS/KinesisAnalytics': {
    // Flink 2.2 has no fullRestarts; this one counts up while a job lives.
    numRestarts: { dimensions: ['Application'], source: flink },
    numberOfFailedCheckpoints: { dimensions: ['Application'], source: flink },
    lastCheckpointDuration: { dimensions: ['Application'], source: flink },
    numRecordsInPerSecond: { dimensions: ['Application'], source: flink },
    KPUs: { dimensions: ['Application'], source: flink },
  },
  'AWS/Kinesis': {
    IncomingRecords: { dimensions: ['StreamName'], source: kinesis },
    IncomingBytes: { dimensions: ['StreamName'], source: kinesis },
    'GetRecords.IteratorAgeMilliseconds': { dimensions: ['StreamName'], source: kinesis },
    WriteProvisionedThroughputExceeded: { dimensions: ['StreamName'], source: kinesis },
    ReadProvisionedThroughputExceeded: { dimensions: ['StreamName'], source: kinesis },
  },
  'AWS/Lambda': {
    IteratorAge: { dimensions: ['FunctionName'], source: lambda },
    Errors: { dimensions: ['FunctionName'], source: lambda },
    Invocations: { dimensions: ['FunctionName'], source: lambda },
    Duration: { dimensions: ['FunctionName'], source: lambda },
  },
  'AWS/SQS': {
    ApproximateAgeOfOldestMessage: { dimensions: ['QueueName'], source: sqs },
    ApproximateNumberOfMessagesVisible: { dimensions: ['QueueName'], source: sqs },
  },
  'AWS/DynamoDB': {
    ConsumedWriteCapacityUnits: { dimensions: ['TableName'], source: dynamodb },
  },
} as const;

export type AwsNamespace = keyof typeof awsMetrics;
export type AwsMetricName<Namespace extends AwsNamespace> = keyof (typeof awsMetrics)[Namespace] & string;

export type Statistic = 'Sum' | 'Maximum' | 'Average';

/** How a metric is read. */
export interface Reading {
  readonly statistic: Statistic;
  /** @default a minute */
  readonly period?: Duration;
  readonly label?: string;
}

/** One of AWS's metrics; a name that is not in the list does not compile. */
export function awsMetric<Namespace extends AwsNamespace>(
  namespace: Namespace,
  metricName: AwsMetricName<Namespace>,
  dimensionsMap: Record<string, string>,
  reading: Reading,
): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, ...read(reading) });
}

/** One of Spillway's own metrics; a name that no part writes does not compile. */
export function ownMetric(
  metricName: MetricName,
  dimensionsMap: Record<string, string>,
  reading: Reading,
): Metric {
  return new Metric({ namespace: metricNamespace, metricName, dimensionsMap, ...read(reading) });
}

function read({ statistic, period, label }: Reading): {
  statistic: string;
  period: Duration;
  label?: string;
} {
  return { statistic, period: period ?? Duration.minutes(1), ...(label === undefined ? {} : { label }) };
}
