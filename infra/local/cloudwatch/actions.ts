import type { z } from 'zod';
import type { Datapoint, MetricStore, StatisticSet } from './metric-store';
import { getMetricData, listMetrics, putMetricData } from './requests';

/** An answer that refuses the request; the name is one of the service's API reference. */
export class Fault extends Error {
  constructor(
    override readonly name:
      | 'InvalidParameterValue'
      | 'InvalidParameterCombination'
      | 'InvalidNextToken'
      | 'UnknownOperationException',
    message: string,
  ) {
    super(message);
  }
}

type Action = (store: MetricStore, body: unknown, nowMs: number) => object;

/** What the endpoint can do, by the action's name. */
export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['GetMetricData', getData],
  ['PutMetricData', putData],
  ['ListMetrics', list],
]);

const metricsOfPage = 500;
const mostDatapoints = 100_800;

function getData(store: MetricStore, body: unknown): object {
  const request = parse(getMetricData, body);
  const { StartTime, EndTime, MaxDatapoints = mostDatapoints, ScanBy, MetricDataQueries } = request;
  if (StartTime >= EndTime) {
    throw new Fault('InvalidParameterCombination', 'The parameter StartTime must be less than EndTime');
  }
  const points = MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).flatMap(
    ({ Id, MetricStat: { Metric, Period, Stat } }) => {
      const metric = {
        namespace: Metric.Namespace,
        name: Metric.MetricName,
        dimensions: namesAndValues(Metric.Dimensions),
      };
      const periods = store.read(metric, Math.floor(StartTime / Period) * Period, EndTime, Period);
      if (ScanBy !== 'TimestampAscending') periods.reverse();
      return periods.map((point) => ({ id: Id, at: point.at, value: statistic(point, Stat) }));
    },
  );
  const from = offsetOf(request.NextToken);
  const page = points.slice(from, from + MaxDatapoints);
  const more = from + MaxDatapoints < points.length;
  return {
    Messages: [],
    MetricDataResults: MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).map(
      ({ Id, Label, MetricStat }) => {
        const own = page.filter(({ id }) => id === Id);
        return {
          Id,
          Label: Label ?? MetricStat.Metric.MetricName,
          Timestamps: own.map(({ at }) => at),
          Values: own.map(({ value }) => value),
          StatusCode: more ? 'PartialData' : 'Complete',
        };
      },
    ),
    ...(more && { NextToken: String(from + MaxDatapoints) }),
  };
}

function putData(store: MetricStore, body: unknown, nowMs: number): object {
  const { Namespace, MetricData } = parse(putMetricData, body);
  const data = MetricData.map((datum) => {
    const { MetricName: name, Dimensions, Timestamp } = datum;
    const metric = { namespace: Namespace, name, dimensions: namesAndValues(Dimensions) };
    return { metric, atMs: Timestamp === undefined ? nowMs : Timestamp * 1_000, sets: setsOf(datum) };
  });
  // Nothing is added of a request that is refused.
  for (const { metric, atMs, sets } of data) for (const set of sets) store.add(metric, atMs, set);
  return {};
}

function setsOf(datum: z.infer<typeof putMetricData>['MetricData'][number]): StatisticSet[] {
  const { Value, Values, Counts, StatisticValues } = datum;
  if ([Value, Values, StatisticValues].filter((given) => given !== undefined).length !== 1) {
    const message = `MetricData ${datum.MetricName} needs one of Value, Values and StatisticValues`;
    throw new Fault('InvalidParameterCombination', message);
  }
  if (StatisticValues !== undefined) {
    const { SampleCount, Sum, Minimum, Maximum } = StatisticValues;
    return [{ count: SampleCount, sum: Sum, minimum: Minimum, maximum: Maximum }];
  }
  const values = Values ?? [Value ?? 0];
  if (Counts !== undefined && Counts.length !== values.length) {
    throw new Fault('InvalidParameterValue', `Counts and Values of ${datum.MetricName} differ in length`);
  }
  return values.map((value, at) => {
    const count = Counts?.[at] ?? 1;
    return { count, sum: value * count, minimum: value, maximum: value };
  });
}

function list(store: MetricStore, body: unknown): object {
  const { Namespace, MetricName, Dimensions = [], NextToken } = parse(listMetrics, body);
  const metrics = store.list({
    ...(Namespace !== undefined && { namespace: Namespace }),
    ...(MetricName !== undefined && { name: MetricName }),
    dimensions: Dimensions.map(({ Name, Value }): [string, string?] =>
      Value === undefined ? [Name] : [Name, Value],
    ),
  });
  const from = offsetOf(NextToken);
  return {
    Metrics: metrics.slice(from, from + metricsOfPage).map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    ...(from + metricsOfPage < metrics.length && { NextToken: String(from + metricsOfPage) }),
  };
}

function statistic(
  point: Datapoint,
  stat: 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount',
): number {
  switch (stat) {
    case 'Sum':
      return point.sum;
    case 'Average':
      return point.sum / point.count;
    case 'Minimum':
      return point.minimum;
    case 'Maximum':
      return point.maximum;
    case 'SampleCount':
      return point.count;
  }
}

function namesAndValues(
  dimensions: readonly { Name: string; Value: string }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
}

function offsetOf(token: string | undefined): number {
  if (token === undefined) return 0;
  if (/^\d{1,9}$/.test(token)) return Number(token);
  throw new Fault('InvalidNextToken', `The NextToken ${token} is none of this endpoint`);
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const details = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Fault('InvalidParameterValue', details.join('; '));
}
