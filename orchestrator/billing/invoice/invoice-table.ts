import type { RatedTable } from '../engine/engine';
import type { Value } from '../sql/relations';
import { UserFault } from '../../user-fault';

/** One line of an invoice table. */
export interface InvoiceRow {
  /** The month in which the usage happened; another one than the invoice's where the row adjusts it. */
  readonly period: string;
  readonly cells: readonly Value[];
}

/** What a run computes: the period's rows in the order of the key, then what adjusts the period before. */
export interface InvoiceTable {
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly measures: readonly string[];
  readonly rows: readonly InvoiceRow[];
}

/** A row that is not the same in two tables; a measure's difference is the second one's less the first one's. */
export interface RowDifference {
  readonly key: readonly Value[];
  readonly measures: readonly bigint[];
  /** The row's cells in the second table; undefined where it has none. */
  readonly cells: readonly Value[] | undefined;
}

/** Checks what the SQL answered against what `definition.json` says: columns there, keys unique, measures whole numbers. */
export function checkedTable(
  { columns, rows }: RatedTable,
  { definition, key, measures }: { definition: string; key: readonly string[]; measures: readonly string[] },
): RatedTable {
  const missing = [...key, ...measures].filter((column) => !columns.includes(column));
  if (missing.length > 0) {
    throw new UserFault(
      `${definition}: the SQL answers with ${columns.join(', ')}, but definition.json names ${missing.join(', ')} in key or measures`,
    );
  }
  const seen = new Set<string>();
  for (const row of rows) {
    const id = keyText(cellsOf(columns, key, row));
    if (seen.has(id)) {
      throw new UserFault(`${definition}: two rows have the key ${id}: key must tell every row apart`);
    }
    seen.add(id);
    const wrong = measures.find((column) => typeof row[columns.indexOf(column)] !== 'bigint');
    if (wrong !== undefined) {
      throw new UserFault(
        `${definition}: the measure ${wrong} of the row ${id} is no whole number: wrap it in COALESCE`,
      );
    }
  }
  return { columns, rows };
}

/** Rows whose measures differ, in the order of the second table, then those that only the first one has. */
export function differences(
  from: Pick<InvoiceTable, 'columns'> & { rows: readonly (readonly Value[])[] },
  to: Pick<InvoiceTable, 'columns'> & { rows: readonly (readonly Value[])[] },
  key: readonly string[],
  measures: readonly string[],
): RowDifference[] {
  const before = new Map(from.rows.map((row) => [keyText(cellsOf(from.columns, key, row)), row]));
  const changed = to.rows.flatMap((row): RowDifference[] => {
    const cells = cellsOf(to.columns, key, row);
    const other = before.get(keyText(cells));
    before.delete(keyText(cells));
    const steps = measures.map(
      (name) => measureOf(to.columns, name, row) - measureOf(from.columns, name, other),
    );
    return steps.every((step) => step === 0n) && other !== undefined
      ? []
      : [{ key: cells, measures: steps, cells: row }];
  });
  const gone = [...before.values()].map((row) => ({
    key: cellsOf(from.columns, key, row),
    measures: measures.map((name) => -measureOf(from.columns, name, row)),
    cells: undefined,
  }));
  return [...changed, ...gone];
}

/** The rows that adjust an earlier period: its keys, and by how much each measure is off. Other columns stay empty. */
export function adjustmentRows(
  columns: readonly string[],
  key: readonly string[],
  measures: readonly string[],
  found: readonly RowDifference[],
): Value[][] {
  return found.map((difference) =>
    columns.map((column) => {
      const [inKey, inMeasures] = [key.indexOf(column), measures.indexOf(column)];
      if (inKey >= 0) return difference.key[inKey] ?? null;
      return inMeasures >= 0 ? (difference.measures[inMeasures] ?? 0n) : null;
    }),
  );
}

/** Each measure added up over all rows. */
export function totalsOf({ columns, measures, rows }: InvoiceTable): Record<string, bigint> {
  return Object.fromEntries(
    measures.map((name) => [
      name,
      rows.reduce((sum, { cells }) => sum + measureOf(columns, name, cells), 0n),
    ]),
  );
}

function measureOf(columns: readonly string[], name: string, row: readonly Value[] | undefined): bigint {
  const value = row?.[columns.indexOf(name)];
  return typeof value === 'bigint' ? value : 0n;
}

function cellsOf(columns: readonly string[], names: readonly string[], row: readonly Value[]): Value[] {
  return names.map((name) => row[columns.indexOf(name)] ?? null);
}

function keyText(cells: readonly Value[]): string {
  return cells.map(String).join('\u0000');
}
