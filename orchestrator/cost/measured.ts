import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const figure = z.strictObject({
  value: z.number().positive(),
  unit: z.string(),
  asOf: z.iso.date(),
  /** The bench, or the page with its figures. */
  source: z.string(),
});

const measuredFile = z.strictObject({
  note: z.string(),
  figures: z.strictObject({
    entryBytes: figure,
    recordBytes: figure,
    unpackedBytes: figure,
    estimatorMicroseconds: figure,
    metricBytes: figure,
    throttleEntriesPerSecond: figure,
    plainSqlEntriesPerSecond: figure,
  }),
});

/** What was measured of Spillway itself, each with the bench that measures it again. */
export type Measured = z.infer<typeof measuredFile>;

/** The figures that come with this version. */
export function readMeasured(): Measured {
  return measuredFile.parse(JSON.parse(readFileSync(join(__dirname, 'measured-figures.json'), 'utf8')));
}
