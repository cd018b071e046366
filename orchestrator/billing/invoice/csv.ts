import type { Value } from '../sql/relations';
import type { InvoiceTable } from './invoice-table';

const leading = ['period'];

/** The table's bytes: RFC 4180 with line feeds; NULL is empty, an empty text is `""`. The same table gives the same bytes. */
export function csvOf({ columns, rows }: InvoiceTable): string {
  const lines = rows.map(({ period, cells }) => [period, ...cells].map(cell).join(','));
  return [[...leading, ...columns].join(','), ...lines].map((line) => `${line}\n`).join('');
}

/** Reads what csvOf wrote: a number that is not in quotes is a whole number. */
export function tableOf(
  csv: string,
  { key, measures }: Pick<InvoiceTable, 'key' | 'measures'>,
): InvoiceTable {
  const [heading = [], ...records] = recordsOf(csv);
  return {
    columns: heading.slice(leading.length).map(String),
    key,
    measures,
    rows: records.map(([period, ...cells]) => ({ period: String(period), cells })),
  };
}

function cell(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'bigint') return String(value);
  // A text that looks like a number is quoted, so that reading it back gives a text.
  return /^[A-Za-z_][^",\n\r]*$|^\d{4}-\d{2}$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}

const CELL = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g;

function recordsOf(csv: string): Value[][] {
  const records: Value[][] = [];
  let record: Value[] = [];
  for (const [, quoted, bare = '', end] of csv.matchAll(CELL)) {
    if (quoted !== undefined) record.push(quoted.replaceAll('""', '"'));
    else record.push(bare === '' ? null : /^-?\d+$/.test(bare) ? BigInt(bare) : bare);
    if (end === '\n') {
      records.push(record);
      record = [];
    }
  }
  return records;
}
