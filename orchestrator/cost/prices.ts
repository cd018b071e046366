import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const price = z.strictObject({ usd: z.number().nonnegative(), source: z.string() });

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
  }),
});

/** Dated list prices of one region, in US dollars. */
export type Prices = z.infer<typeof pricesFile>;

/** The prices that come with this version. */
export function readPrices(): Prices {
  return pricesFile.parse(JSON.parse(readFileSync(join(__dirname, 'prices.json'), 'utf8')));
}
