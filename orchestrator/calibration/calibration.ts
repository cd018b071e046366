import { metricNamespace, type MetricName } from '../../lambdas/contracts/metrics';
import type { Metric, Metrics } from '../service/metrics';

/** How well the estimate of one resource agrees with what DynamoDB consumed there. */
export interface Calibration {
  /** `users`, or `users/by_email`. */
  readonly resource: string;
  readonly estimated: number;
  readonly consumed: number;
  /** Estimated to consumed; null where nothing was consumed. */
  readonly ratio: number | null;
}

/** Whole periods, epoch seconds: from the first one on, before the second. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly periodSeconds: number;
}

/** The estimator's metric (lambdas/estimator/metrics.ts) and DynamoDB's, which have the same dimensions. */
const estimateMetric = [metricNamespace, 'EstimatedWriteUnits' satisfies MetricName] as const;
const consumedMetric = ['AWS/DynamoDB', 'ConsumedWriteCapacityUnits'] as const;
/** Up to so long CloudWatch's figures are read by the minute, beyond it in five. */
const byTheMinuteSeconds = 24 * 3600;

/** The span of so many seconds that ends `lagSeconds` ago, widened to whole periods at its start. */
export function spanOf(nowMs: number, sinceSeconds: number, lagSeconds: number): Span {
  const periodSeconds = sinceSeconds <= byTheMinuteSeconds ? 60 : 300;
  const whole = (second: number): number => Math.floor(second / periodSeconds) * periodSeconds;
  // Without a lag the period under way is part of it.
  const to = whole(nowMs / 1_000 - lagSeconds) + (lagSeconds === 0 ? periodSeconds : 0);
  return { from: whole(to - sinceSeconds), to, periodSeconds };
}

/**
 * Compares every table for which there is an estimate, and each of its indexes that either side knows: an index that
 * consumes and has no estimate shows with a ratio of 0.
 */
export async function calibrations(
  metrics: Metrics,
  span: Span,
  table: string | undefined,
): Promise<Calibration[]> {
  const only = table === undefined ? {} : { TableName: table };
  const estimated = await metrics.list(...estimateMetric, only);
  const tables = new Set(estimated.map(({ dimensions }) => dimensions['TableName'] ?? ''));
  const consumed = (
    await Promise.all([...tables].map((TableName) => metrics.list(...consumedMetric, { TableName })))
  ).flat();
  const resources = new Map([...estimated, ...consumed].flatMap((metric) => resourceOf(metric) ?? []));
  const dimensions = [...resources.values()];
  const { from, to, periodSeconds } = span;
  const sumsOf = ([namespace, name]: readonly [string, string]): Promise<number[]> =>
    metrics.sums(
      dimensions.map((of) => ({ namespace, name, dimensions: of })),
      from,
      to,
      periodSeconds,
    );
  const [estimates, consumptions] = await Promise.all([sumsOf(estimateMetric), sumsOf(consumedMetric)]);
  return [...resources.keys()]
    .map((resource, at) => compare(resource, estimates[at] ?? 0, consumptions[at] ?? 0))
    .sort((one, other) => (one.resource < other.resource ? -1 : 1));
}

function compare(resource: string, estimated: number, consumed: number): Calibration {
  return { resource, estimated, consumed, ratio: consumed === 0 ? null : estimated / consumed };
}

/** Other metrics of a table, such as those by operation, are no resource's. */
function resourceOf({ dimensions }: Metric): [[string, Metric['dimensions']]] | undefined {
  const { TableName, GlobalSecondaryIndexName: index, ...others } = dimensions;
  if (TableName === undefined || Object.keys(others).length > 0) return undefined;
  return [[index === undefined ? TableName : `${TableName}/${index}`, dimensions]];
}
