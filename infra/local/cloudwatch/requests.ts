import { z } from 'zod';

// The members of the service's API reference that this endpoint understands, with the reference's limits. Members it
// does not know are refused rather than ignored: whoever sends one would believe that it has an effect.

const timestamp = z.number().nonnegative();
const dimensions = z.array(z.strictObject({ Name: z.string().min(1), Value: z.string().min(1) })).max(30);
const namespace = z.string().min(1).max(255);
const metricName = z.string().min(1).max(255);
const nextToken = z.string().optional();

export const getMetricData = z.strictObject({
  MetricDataQueries: z
    .array(
      z.strictObject({
        Id: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,254}$/),
        Label: z.string().optional(),
        ReturnData: z.boolean().optional(),
        MetricStat: z.strictObject({
          Metric: z.strictObject({
            Namespace: namespace,
            MetricName: metricName,
            Dimensions: dimensions.optional(),
          }),
          Period: z
            .number()
            .int()
            .min(60)
            .refine((seconds) => seconds % 60 === 0, 'is no multiple of 60'),
          Stat: z.enum(['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount']),
          Unit: z.string().optional(),
        }),
      }),
    )
    .min(1)
    .max(500),
  StartTime: timestamp,
  EndTime: timestamp,
  NextToken: nextToken,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).optional(),
  MaxDatapoints: z.number().int().min(1).max(100_800).optional(),
});

export const putMetricData = z.strictObject({
  Namespace: namespace.refine((text) => !text.startsWith('AWS/'), 'must not begin with "AWS/"'),
  MetricData: z
    .array(
      z.strictObject({
        MetricName: metricName,
        Dimensions: dimensions.optional(),
        Timestamp: timestamp.optional(),
        Value: z.number().optional(),
        Values: z.array(z.number()).max(150).optional(),
        Counts: z.array(z.number()).max(150).optional(),
        StatisticValues: z
          .strictObject({
            SampleCount: z.number(),
            Sum: z.number(),
            Minimum: z.number(),
            Maximum: z.number(),
          })
          .optional(),
        Unit: z.string().optional(),
        StorageResolution: z.literal([1, 60]).optional(),
      }),
    )
    .max(1_000),
});

export const listMetrics = z.strictObject({
  Namespace: namespace.optional(),
  MetricName: metricName.optional(),
  Dimensions: z
    .array(z.strictObject({ Name: z.string().min(1), Value: z.string().min(1).optional() }))
    .max(10)
    .optional(),
  NextToken: nextToken,
  RecentlyActive: z.literal('PT3H').optional(),
});
