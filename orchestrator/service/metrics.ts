import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/** A metric by its dimensions' values. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** CloudWatch's metrics, read. */
export interface Metrics {
  /** The metrics of a name that have data, with the given values of their dimensions. */
  list(namespace: string, name: string, dimensions?: Readonly<Record<string, string>>): Promise<Metric[]>;
  /** The sum of each metric from one moment on and before another, epoch seconds of whole periods. */
  sums(
    metrics: readonly Metric[],
    fromSecond: number,
    toSecond: number,
    periodSeconds: number,
  ): Promise<number[]>;
  close(): void;
}

/** What one GetMetricData takes. */
const queriesPerCall = 500;

/** The metrics of a region: the one file that speaks to CloudWatch. */
export function cloudWatchMetrics(region: string, variables: AwsEnvironment): Metrics {
  const client = new CloudWatchClient(clientSettings('CLOUDWATCH', region, variables));
  return {
    list: (namespace, name, dimensions = {}) =>
      asking(`listing the metrics ${namespace} ${name}`, async () => {
        const metrics: Metric[] = [];
        let token: string | undefined;
        do {
          const page = await client.send(
            new ListMetricsCommand({
              Namespace: namespace,
              MetricName: name,
              Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              ...(token !== undefined && { NextToken: token }),
            }),
          );
          for (const { Dimensions = [] } of page.Metrics ?? []) {
            const values = Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]);
            metrics.push({
              namespace,
              name,
              dimensions: Object.fromEntries(values) as Record<string, string>,
            });
          }
          token = page.NextToken;
        } while (token !== undefined);
        return metrics;
      }),
    sums: async (metrics, fromSecond, toSecond, periodSeconds) => {
      const sums = metrics.map(() => 0);
      for (let first = 0; first < metrics.length; first += queriesPerCall) {
        const queries = metrics.slice(first, first + queriesPerCall).map((metric, at) => ({
          Id: `m${first + at}`,
          MetricStat: {
            Metric: {
              Namespace: metric.namespace,
              MetricName: metric.name,
              Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: periodSeconds,
            Stat: 'Sum',
          },
        }));
        let token: string | undefined;
        do {
          const page = await asking('reading metrics', () =>
            client.send(
              new GetMetricDataCommand({
                MetricDataQueries: queries,
                StartTime: new Date(fromSecond * 1_000),
                EndTime: new Date(toSecond * 1_000),
                ...(token !== undefined && { NextToken: token }),
              }),
            ),
          );
          for (const { Id = '', Values = [] } of page.MetricDataResults ?? []) {
            const at = Number(Id.slice(1));
            sums[at] = (sums[at] ?? 0) + Values.reduce((sum, value) => sum + value, 0);
          }
          token = page.NextToken;
        } while (token !== undefined);
      }
      return sums;
    },
    close: () => {
      client.destroy();
    },
  };
}
