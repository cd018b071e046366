import { metricLine } from '../delivery/metrics';
import type { SecondOfUsage } from './batch';

/**
 * The write units of a batch, beside AWS/DynamoDB's ConsumedWriteCapacityUnits: a line for each resource and minute of the
 * changes, with the dimensions of DynamoDB's own metrics, `TableName` and for an index `GlobalSecondaryIndexName`, so
 * that the drift of the estimate is one division.
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
  return [...sums.values()].map(({ resource, minuteMs, units }) =>
    metricLine(dimensionsOf(resource), { EstimatedWriteUnits: units }, minuteMs),
  );
}

function dimensionsOf(resource: string): Record<string, string> {
  const [TableName = '', ...index] = resource.split('/');
  return { TableName, ...(index.length > 0 && { GlobalSecondaryIndexName: index.join('/') }) };
}
