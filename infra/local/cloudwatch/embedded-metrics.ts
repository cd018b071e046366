import { z } from 'zod';
import type { MetricStore } from './metric-store';

const document = z
  .object({
    _aws: z.object({
      Timestamp: z.number().int().positive(),
      CloudWatchMetrics: z.array(
        z.object({
          Namespace: z.string().min(1),
          Dimensions: z.array(z.array(z.string()).max(30)),
          Metrics: z.array(z.object({ Name: z.string().min(1), Unit: z.string().optional() })).max(100),
        }),
      ),
    }),
  })
  .loose();

/**
 * Takes one line of a function's output that is in CloudWatch's embedded metric format (CloudWatch User Guide,
 * "Specification: Embedded metric format"), as CloudWatch Logs does. Throws where the line is none.
 */
export function addEmbeddedMetrics(store: MetricStore, line: string): void {
  const { _aws, ...members } = document.parse(JSON.parse(line));
  for (const { Namespace, Dimensions, Metrics } of _aws.CloudWatchMetrics) {
    for (const names of Dimensions) {
      const dimensions = Object.fromEntries(names.map((name) => [name, z.string().parse(members[name])]));
      for (const { Name } of Metrics) {
        const values = z
          .union([z.number().transform((value) => [value]), z.array(z.number())])
          .parse(members[Name]);
        for (const value of values) {
          store.addValue({ namespace: Namespace, name: Name, dimensions }, _aws.Timestamp, value);
        }
      }
    }
  }
}
