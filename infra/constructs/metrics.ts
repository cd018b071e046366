import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';

const namespace = 'Spillway';

/** A metric that a function writes for a store. */
export function storeMetric(store: string, metricName: string, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace,
    metricName,
    statistic: Stats.SUM,
    period: Duration.minutes(1),
    dimensionsMap: { Store: store },
    ...options,
  });
}

/** The write units that the estimator found for a table, beside AWS/DynamoDB's ConsumedWriteCapacityUnits. */
export function estimatedUnitsMetric(tableName: string, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace,
    metricName: 'EstimatedWriteUnits',
    statistic: Stats.SUM,
    period: Duration.minutes(1),
    dimensionsMap: { TableName: tableName },
    ...options,
  });
}
