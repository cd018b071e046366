import { z } from 'zod';
import { type UsageEntry, usageEntry } from '../../lambdas/contracts/usage-record';
import { hourOf } from './layout';
import { type ArchivedRecord, objectSpanSeconds, type Span } from './usage-archive';

/**
 * The query for the records of a span, in the common subset of Athena's SQL and DuckDB's.
 *
 * @param entries how the column is asked for
 */
export function recordsQuery(span: Span, entries = 'entries'): string {
  return (
    `SELECT version, source, batch, part, second, first_sequence, last_sequence, ${entries}, day, hour FROM usage ` +
    `WHERE second >= ${whole(span.fromSecond)} AND second < ${whole(span.untilSecond)} AND ${arrivedIn(span)} ` +
    'ORDER BY second, source, batch, part, day, hour'
  );
}

/** The folders that can hold records of a span, as a condition on the partitions. */
export function arrivedIn({ fromSecond, arrivedUntilSecond }: Span): string {
  const first = hourOf(whole(fromSecond) - objectSpanSeconds);
  const from = `(day > '${first.day}' OR (day = '${first.day}' AND hour >= '${first.hour}'))`;
  if (arrivedUntilSecond === undefined) return from;
  const last = hourOf(whole(arrivedUntilSecond));
  return `${from} AND (day < '${last.day}' OR (day = '${last.day}' AND hour <= '${last.hour}'))`;
}

/** A row of that query, as the record that was archived; `entries` reads that column. */
export function archivedRecordOf(entries: z.ZodType<UsageEntry[]>): z.ZodType<ArchivedRecord> {
  return z
    .object({
      version: z.literal(1),
      source: z.string(),
      batch: z.string(),
      part: z.number(),
      second: z.number(),
      first_sequence: z.string().nullable(),
      last_sequence: z.string().nullable(),
      entries,
      day: z.string(),
      hour: z.string(),
    })
    .transform(({ first_sequence, last_sequence, day, hour, ...record }) => ({
      record: {
        ...record,
        ...(first_sequence === null ? {} : { firstSequence: first_sequence }),
        ...(last_sequence === null ? {} : { lastSequence: last_sequence }),
      },
      arrived: { day, hour },
    }));
}

/** Where the column is an array. */
export const archivedRecord = archivedRecordOf(z.array(usageEntry).min(1));

function whole(second: number): number {
  if (Number.isSafeInteger(second)) return second;
  throw new RangeError(`${second} is no whole second`);
}
