import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sqlText } from './duckdb';
import { hourOf } from './layout';
import { overlappingBatches, type Reading, readingsOf } from './readings';
import { objectSpanSeconds, type Span, type UsageArchive } from './usage-archive';

const folder = resolve(__dirname, '..', '..', 'athena-sql', 'archive');

/** What was used in a span, each change once, as a query; and what was read again in it. */
export interface UsageOnce {
  /** Columns: second, resource, key, subject, units, writes. In Athena's SQL; `UsageArchive.query` reads it. */
  readonly sql: string;
  readonly readAgain: readonly Reading[];
}

/**
 * Looks for batches that were read again and gives the query without them. The query is the same text for the same
 * archive. Throws the archive's UserFault.
 */
export async function usageOnce(archive: Pick<UsageArchive, 'query'>, span: Span): Promise<UsageOnce> {
  const { rows } = await archive.query(overlappingBatchesSql(span), overlappingBatches);
  const readAgain = readingsOf(rows);
  return { sql: usageEntriesSql(span, readAgain), readAgain };
}

/** The query that finds them, in Athena's SQL. */
export function overlappingBatchesSql(span: Span): string {
  return fill('overlapping-batches.sql', spanValues(span));
}

/** The query for entries, given the batches that were read again, in Athena's SQL. */
export function usageEntriesSql(span: Span, readAgain: readonly Reading[]): string {
  return fill('usage-entries.sql', { ...spanValues(span), readings: readingsAsQuery(readAgain) });
}

/** The same as the text of a prepared statement, without a look for batches that were read again: the question marks stand for the
 * first and last day, the first and last hour, the first second and the one after the last; twice. */
export function usageEntriesStatement(): string {
  const names = Object.keys(spanValues({ fromSecond: 0, untilSecond: 0 }));
  return fill('usage-entries.sql', {
    ...Object.fromEntries(names.map((name) => [name, '?'])),
    readings: readingsAsQuery([]),
  });
}

function spanValues({ fromSecond, untilSecond, arrivedUntilSecond }: Span): Record<string, string> {
  const first = hourOf(fromSecond - objectSpanSeconds);
  const last =
    arrivedUntilSecond === undefined ? { day: '9999-12-31', hour: '23' } : hourOf(arrivedUntilSecond);
  return {
    first_day: sqlText(first.day),
    last_day: sqlText(last.day),
    first_hour: sqlText(`${first.day}T${first.hour}`),
    last_hour: sqlText(`${last.day}T${last.hour}`),
    from_second: String(fromSecond),
    until_second: String(untilSecond),
  };
}

function readingsAsQuery(readings: readonly Reading[]): string {
  if (readings.length === 0) {
    const text = 'CAST(NULL AS VARCHAR)';
    return `SELECT ${text}, ${text}, ${text}, ${text}, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) WHERE FALSE`;
  }
  const rows = readings.map(
    ({ source, batch, firstSequence, lastSequence, cluster, reading }) =>
      `(${[source, batch, firstSequence, lastSequence].map(sqlText).join(', ')}, ${cluster}, ${reading})`,
  );
  return `VALUES ${rows.join(', ')}`;
}

/** The file's query without its header, its placeholders filled. */
function fill(file: string, values: Readonly<Record<string, string>>): string {
  const text = readFileSync(join(folder, file), 'utf8');
  return text
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')
    .replace(/\$\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${file} has ${placeholder}, for which there is no value`);
      return value;
    })
    .trim();
}
