import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const price = z.strictObject({
  usd: z.number().nonnegative(),
  /** What it buys. */
  per: z.string(),
  /** AWS's own page. */
  source: z.string(),
  /** The page that it was compared with, and that page's date; null where nobody has. */
  compared: z.string().nullable(),
});

const pricesFile = z.strictObject({
  /** When the prices were these. */
  asOf: z.iso.date(),
  region: z.string(),
  note: z.string(),
  prices: z.strictObject({
    kpuHour: price,
    runningStorageGbMonth: price,
    kinesisShardHour: price,
    kinesisMillionPutUnits: price,
    lambdaMillionRequests: price,
    lambdaGbSecond: price,
    sqsMillionRequests: price,
    cacheGbHour: price,
    cacheMillionUnits: price,
    metricMonth: price,
    alarmMonth: price,
    dashboardMonth: price,
    logGb: price,
    endpointHour: price,
    natHour: price,
    firehoseGb: price,
    firehoseConversionGb: price,
    s3GbMonth: price,
    athenaTb: price,
    tableMillionWrites: price,
    secretMonth: price,
  }),
});

/** Dated list prices of one region, in US dollars. */
export type Prices = z.infer<typeof pricesFile>;

/** The prices that come with this version. */
export function readPrices(): Prices {
  return pricesFile.parse(JSON.parse(readFileSync(join(__dirname, 'list-prices.json'), 'utf8')));
}
