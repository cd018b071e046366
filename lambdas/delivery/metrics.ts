import { Metrics } from '@aws-lambda-powertools/metrics';
import { metricNamespace, type MetricName, spillwayMetrics } from '../contracts/metrics';

/** Takes a line in CloudWatch's embedded metric format: a metric when it stands in a function's output, and no call. */
export type EmitMetric = (line: string) => void;

/** Puts each line on the standard output as it is: Lambda puts words before what `console.log` takes, and then it is no metric. */
export const emitToOutput: EmitMetric = (line) => {
  process.stdout.write(`${line}\n`);
};

// Powertools warns of a namespace or dimension that is missing, which cannot be, and of a minute that CloudWatch will
// refuse because it is older than two weeks: usage that was redriven so late is in no metric.
const ignore = (): void => undefined;
const quiet = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

// One for the process: each line is put together and taken out before anything else happens.
const metrics = new Metrics({ namespace: metricNamespace, logger: quiet });
// Its dimension `service` would keep the estimate from having those of DynamoDB's own metrics.
metrics.clearDefaultDimensions();

/**
 * One line with the values of one moment, all with the same dimensions. Powertools' own `publishStoredMetrics` is not
 * used: it writes to the process's output, and the local system runs several functions in one process.
 *
 * @param atMs epoch milliseconds; CloudWatch keeps metrics by the minute
 */
export function metricLine(
  dimensions: Readonly<Record<string, string>>,
  values: Readonly<Partial<Record<MetricName, number>>>,
  atMs: number,
): string {
  for (const [name, value] of Object.entries(dimensions)) metrics.addDimension(name, value);
  for (const [name, value] of Object.entries(values)) {
    metrics.addMetric(name, spillwayMetrics[name as MetricName].unit, value);
  }
  metrics.setTimestamp(atMs);
  try {
    return JSON.stringify(metrics.serializeMetrics());
  } finally {
    metrics.clearMetrics();
    metrics.clearDimensions();
  }
}
