import type { Terms } from '../definition/in-force';
import { hourText, type Period } from '../period';
import { type GivenRelation, relationColumns, rowsAsQuery } from './relations';

/** Which hours of arrival count. */
export interface Arrival {
  /** Epoch seconds of whole hours; the second one is exclusive. */
  readonly fromSecond: number;
  readonly toSecond: number;
}

/** An object's hour is that of its oldest record, and a clock may be behind. */
const AHEAD_SECONDS = 3600;

/** The hours that may hold usage of a period, up to a close. */
export function arrivalOf(period: Period, closeSecond: number): Arrival {
  return { fromSecond: period.fromSecond - AHEAD_SECONDS, toSecond: closeSecond };
}

/**
 * The query that rates a period, its rows in the order of the key, in Athena's SQL.
 *
 * @param entries the query for the period's entries, each change once; not needed where the definition does not read them
 */
export function ratingSql(
  terms: Pick<Terms, 'sql' | 'key' | 'reads'>,
  entries: string | undefined,
  given: readonly GivenRelation[],
): string {
  const relations = terms.reads.map((name) =>
    name === 'entries' ? `entries AS (\n${entries ?? ''}\n)` : givenSql(name, given),
  );
  return `WITH\n${relations.join(',\n')}\nSELECT *\nFROM (\n${terms.sql.trim()}\n) AS rated\nORDER BY ${terms.key.join(', ')}`;
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
  return `${name} (${Object.keys(columns).join(', ')}) AS (${rowsAsQuery(Object.values(columns), rows)})`;
}
