import { z } from 'zod';
import { usageEntry } from '../../lambdas/contracts/usage-record';
import { hourOf } from './layout';
import { type ArchivedRecord, objectSpanSeconds, type Span } from './usage-archive';

/** The query for the records of a span, in the common subset of Athena's SQL and DuckDB's. */
export function recordsQuery(span: Span): string {
  return (
    'SELECT version, source, batch, part, second, first_sequence, last_sequence, entries, day, hour FROM usage ' +
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

/** A row of that query, as the record that was archived. */
export const archivedRecord: z.ZodType<ArchivedRecord> = z
  .object({
    version: z.literal(1),
    source: z.string(),
    batch: z.string(),
    part: z.number(),
    second: z.number(),
    first_sequence: z.string().nullable(),
    last_sequence: z.string().nullable(),
    entries: z.array(usageEntry).min(1),
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

function whole(second: number): number {
  if (Number.isSafeInteger(second)) return second;
  throw new RangeError(`${second} is no whole second`);
}
