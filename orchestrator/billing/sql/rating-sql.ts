import type { InForce } from '../definition/in-force';
import { hourText, type Period } from '../period';
import { type GivenRelation, relationColumns, rowsAsQuery } from './relations';

/** How an engine spells what the two spell differently. */
export interface Dialect {
  /** What the usage records are read from: a table's name, or a call that reads files. */
  readonly usage: string;
  /** The array `entries` as rows, joined; the alias is `entry`. */
  readonly unnest: string;
}

/** Trino and Athena: a row's fields become columns. */
export const trinoUnnest = 'CROSS JOIN UNNEST(entries) AS entry (resource, key, subject, units, writes)';
/** DuckDB: a row stays one value. */
export const duckDbUnnest = 'CROSS JOIN UNNEST(entries) AS row_of (entry)';

/** Which hours of arrival count. */
export interface Arrival {
  /** Epoch seconds of whole hours; the second one is exclusive. */
  readonly fromSecond: number;
  readonly toSecond: number;
}

/** A clock of Firehose that is behind may put the first records of a month into its last hour before. */
const AHEAD_SECONDS = 3600;

/** The hours that may hold usage of a period, up to a close. */
export function arrivalOf(period: Period, closeSecond: number): Arrival {
  return { fromSecond: period.fromSecond - AHEAD_SECONDS, toSecond: closeSecond };
}

/**
 * The query that rates a period by what arrived in the given hours, its rows in the order of the key. One record counts
 * once, however often it arrived in them.
 */
export function ratingSql(
  terms: Pick<InForce, 'sql' | 'key' | 'reads'>,
  period: Period,
  arrival: Arrival,
  given: readonly GivenRelation[],
  dialect: Dialect,
): string {
  const relations = [
    ...(terms.reads.includes('entries') ? entriesSql(period, arrival, dialect) : []),
    ...terms.reads.flatMap((name) => (name === 'entries' ? [] : [givenSql(name, given)])),
  ];
  return `WITH\n${relations.join(',\n')}\nSELECT *\nFROM (\n${terms.sql.trim()}\n) AS rated\nORDER BY ${terms.key.join(', ')}`;
}

function entriesSql(period: Period, arrival: Arrival, dialect: Dialect): string[] {
  return [
    `records AS (
    SELECT source, batch, part, second, ARBITRARY(entries) AS entries
    FROM ${dialect.usage}
    WHERE ${arrivedSql(arrival)}
        AND second >= ${period.fromSecond} AND second < ${period.toSecond}
    GROUP BY source, batch, part, second
)`,
    `entries AS (
    SELECT second, entry.resource AS resource, entry.key AS key, entry.subject AS subject, entry.units AS units, entry.writes AS writes
    FROM records
    ${dialect.unnest}
)`,
  ];
}

/** The folders of the hours: by day, so that other days are not read at all, and within them by hour. */
export function arrivedSql({ fromSecond, toSecond }: Arrival): string {
  const [from, to] = [hourText(fromSecond), hourText(toSecond)];
  return (
    `day >= '${from.slice(0, 10)}' AND day <= '${to.slice(0, 10)}'` +
    ` AND day || 'T' || hour >= '${from}' AND day || 'T' || hour < '${to}'`
  );
}

function givenSql(name: GivenRelation['name'], given: readonly GivenRelation[]): string {
  const columns = relationColumns[name];
  const rows = given.find((one) => one.name === name)?.rows ?? [];
  const names = Object.keys(columns);
  return `${name} (${names.join(', ')}) AS (${rowsAsQuery(Object.values(columns), rows)})`;
}
