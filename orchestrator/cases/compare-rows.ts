import type { Row } from './golden-case';

/** A row that came out almost as expected. */
export interface DifferingRow {
  readonly expected: Row;
  readonly actual: Row;
  /** Names of the fields that differ, are missing or are there in excess. */
  readonly fields: readonly string[];
}

/** How what a table took differs from what it must take. */
export interface TableDifference {
  readonly table: string;
  readonly missing: readonly Row[];
  readonly unexpected: readonly Row[];
  readonly differing: readonly DifferingRow[];
}

/** Compares as sets in which a row may occur several times: the order does not count. Without a difference, undefined. */
export function compareRows(
  table: string,
  expected: readonly Row[],
  actual: readonly Row[],
): TableDifference | undefined {
  const unexpected = [...actual];
  const missing = expected.filter((row) => {
    const at = unexpected.findIndex((other) => textOf(other) === textOf(row));
    if (at >= 0) unexpected.splice(at, 1);
    return at < 0;
  });
  if (missing.length === 0 && unexpected.length === 0) return undefined;
  const differing: DifferingRow[] = [];
  const alone = missing.filter((row) => {
    const nearest = nearestTo(row, unexpected);
    if (nearest === undefined) return true;
    unexpected.splice(unexpected.indexOf(nearest.actual), 1);
    differing.push(nearest);
    return false;
  });
  return { table, missing: alone, unexpected, differing };
}

/** Rows as a file holds them: by the end of their window, then by their text. */
export function inOrder(rows: readonly Row[]): Row[] {
  const end = (row: Row): number => (typeof row['windowEnd'] === 'number' ? row['windowEnd'] : 0);
  const rank = (row: Row): number => (typeof row['rank'] === 'number' ? row['rank'] : 0);
  return [...rows].sort((a, b) => end(a) - end(b) || rank(a) - rank(b) || (textOf(a) < textOf(b) ? -1 : 1));
}

/** The row with the fewest other fields; one of which more than half differs is another row. */
function nearestTo(expected: Row, rows: readonly Row[]): DifferingRow | undefined {
  const most = Object.keys(expected).length / 2;
  return rows
    .map((actual) => ({ expected, actual, fields: differingFields(expected, actual) }))
    .filter(({ fields }) => fields.length <= most)
    .sort((a, b) => a.fields.length - b.fields.length)[0];
}

function differingFields(one: Row, other: Row): string[] {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...fields].filter((field) => textOf(one[field]) !== textOf(other[field]));
}

/** The same text for the same value, in whatever order an object's fields stand. */
export function textOf(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'absent'
  );
}
