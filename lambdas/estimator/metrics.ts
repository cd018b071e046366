import type { SecondOfUsage } from './batch';

/** The estimate as a metric, beside AWS/DynamoDB's ConsumedWriteCapacityUnits: same dimensions, same sums. */
export const estimateMetric = { namespace: 'Spillway', name: 'EstimatedWriteUnits' } as const;

/**
 * The write units of a batch as lines in CloudWatch's embedded metric format, one for each resource and minute: a
 * function that writes such a line to its standard output has made a metric of it, and no call. Dimensions are those
 * of DynamoDB's own metrics, `TableName` and for an index `GlobalSecondaryIndexName`, so that the drift of the
 * estimate is one division.
 *
 * Lines of a batch that is tried again after they were written count twice. So they are written last.
 */
export function estimateMetrics(seconds: readonly SecondOfUsage[]): string[] {
  const sums = new Map<string, { resource: string; minuteMs: number; units: number }>();
  for (const { second, entries } of seconds) {
    const minuteMs = Math.floor(second / 60) * 60_000;
    for (const { resource, units } of entries) {
      const name = `${minuteMs} ${resource}`;
      const sum = sums.get(name);
      if (sum === undefined) sums.set(name, { resource, minuteMs, units });
      else sum.units += units;
    }
  }
  return [...sums.values()].map(({ resource, minuteMs, units }) => line(resource, minuteMs, units));
}

function line(resource: string, timestampMs: number, units: number): string {
  const [TableName = '', ...index] = resource.split('/');
  const dimensions = {
    TableName,
    ...(index.length > 0 && { GlobalSecondaryIndexName: index.join('/') }),
  };
  const { namespace, name } = estimateMetric;
  const directive = {
    Namespace: namespace,
    Dimensions: [Object.keys(dimensions)],
    Metrics: [{ Name: name, Unit: 'Count' }],
  };
  return JSON.stringify({
    _aws: { Timestamp: timestampMs, CloudWatchMetrics: [directive] },
    ...dimensions,
    [name]: units,
  });
}
