import { z } from 'zod';
import { literal, rowsAsQuery } from '../sql/relations';

const moment = z.iso.datetime().transform((text) => Date.parse(text) / 1000);
const whole = z.number().int().nonnegative().transform(BigInt);

const entry = z.strictObject({
  resource: z.string().default('users'),
  key: z.string().default('S:k'),
  subject: z.string().default('app_1'),
  units: whole,
  writes: whole.default(1n),
});

/** A line of a case's `input.jsonl`: a usage record, and the hour in which it came to the archive. */
export const caseLine = z
  .strictObject({
    second: moment,
    /** `2026-10-01T00`; the hour of its second unless given. */
    arrived: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}T\d{2}$/)
      .optional(),
    source: z.string().default('users'),
    /** Without it each line has one of its own. */
    batch: z.string().optional(),
    part: whole.default(0n),
    entries: z.array(entry).min(1).optional(),
    ...entry.partial({ units: true }).shape,
  })
  .refine(
    ({ entries, units }) => (entries === undefined) !== (units === undefined),
    'give units or entries, one of them',
  );

/** A usage record as it lies in the archive. */
export interface CaseRecord {
  readonly source: string;
  readonly batch: string;
  readonly part: bigint;
  readonly second: number;
  readonly entries: readonly z.output<typeof entry>[];
  readonly day: string;
  readonly hour: string;
}

/** The record of the line with this number. */
export function recordOf(line: z.output<typeof caseLine>, number: number): CaseRecord {
  const { second, source, part, entries, resource, key, subject, units, writes } = line;
  const arrived = line.arrived ?? new Date(second * 1000).toISOString().slice(0, 13);
  const [day = '', hour = ''] = arrived.split('T');
  const only = { resource, key, subject, units: units ?? 0n, writes };
  return {
    source,
    batch: line.batch ?? `line-${number}`,
    part,
    second,
    entries: entries ?? [only],
    day,
    hour,
  };
}

const names = 'version, source, batch, part, second, first_sequence, last_sequence, entries, day, hour';
const rowType = 'ROW(resource VARCHAR, key VARCHAR, subject VARCHAR, units BIGINT, writes BIGINT)';

/** The records as a relation of a query of Trino's: `usage (…) AS (…)`. */
export function trinoRecords(records: readonly CaseRecord[]): string {
  const entriesOf = ({ entries }: CaseRecord): string =>
    `ARRAY[${entries.map((one) => `CAST(ROW(${cells(one).join(', ')}) AS ${rowType})`).join(', ')}]`;
  return `usage (${names}) AS (${query(records, entriesOf, `CAST(ARRAY[] AS ARRAY(${rowType}))`)})`;
}

/** The records as a query of DuckDB, to be written as files. */
export function duckDbRecords(records: readonly CaseRecord[]): string {
  const type = 'STRUCT(resource VARCHAR, "key" VARCHAR, subject VARCHAR, units BIGINT, writes BIGINT)[]';
  const entriesOf = ({ entries }: CaseRecord): string =>
    `CAST([${entries.map((one) => `ROW(${cells(one).join(', ')})`).join(', ')}] AS ${type})`;
  return `SELECT * FROM (${query(records, entriesOf, `CAST([] AS ${type})`)}) AS usage (${names})`;
}

function query(
  records: readonly CaseRecord[],
  entriesOf: (record: CaseRecord) => string,
  noEntries: string,
): string {
  const [text, number] = ['VARCHAR', 'BIGINT'] as const;
  if (records.length === 0) {
    const nothing = rowsAsQuery([number, text, text, number, number, text, text], []);
    return nothing.replace(
      ' WHERE FALSE',
      `, ${noEntries}, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR) WHERE FALSE`,
    );
  }
  const rows = records.map((record) => {
    const { source, batch, part, second, day, hour } = record;
    const before = [literal(1n, number), literal(source, text), literal(batch, text), literal(part, number)];
    const after = [
      literal(BigInt(second), number),
      literal(null, text),
      literal(null, text),
      entriesOf(record),
    ];
    return `(${[...before, ...after, literal(day, text), literal(hour, text)].join(', ')})`;
  });
  return `VALUES ${rows.join(', ')}`;
}

function cells(one: CaseRecord['entries'][number]): string[] {
  const { resource, key, subject, units, writes } = one;
  return [
    ...[resource, key, subject].map((value) => literal(value, 'VARCHAR')),
    ...[units, writes].map((value) => literal(value, 'BIGINT')),
  ];
}
