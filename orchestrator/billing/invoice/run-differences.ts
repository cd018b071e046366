import type { Value } from '../sql/relations';
import { differences, type InvoiceTable, type RowDifference } from './invoice-table';

/** What differs between two runs, by month and key: of each measure the second one's less the first one's. */
export function runDifferences(from: InvoiceTable, to: InvoiceTable): RowDifference[] {
  const key = ['period', ...to.key];
  return differences(withPeriod(from), withPeriod(to), key, to.measures);
}

function withPeriod({ columns, rows }: InvoiceTable): {
  columns: readonly string[];
  rows: readonly (readonly Value[])[];
} {
  return { columns: ['period', ...columns], rows: rows.map(({ period, cells }) => [period, ...cells]) };
}
