import type { BillingResult } from '../billing/run-billing';
import { bytesText, scanCost, usdText } from '../billing/scan-cost';
import type { InvoiceTable, RowDifference } from '../billing/invoice/invoice-table';
import type { Value } from '../billing/sql/relations';
import { readPrices } from '../cost/prices';
import { columns, pairs } from './table';

/** For people: the table's first rows, what it adds up to, and what it was made of. */
export function billingRunText(result: BillingResult, limit: number): string {
  const { run, is, file, since, table, against, bytesCharged } = result;
  const { records, rows, input } = file;
  const state = {
    invoice: `the invoice of ${file.period}`,
    're-rating': `a re-rating of ${file.period}, kept beside its invoice`,
    preview: `a preview: ${file.period} closes at ${file.closes}:00Z, nothing was kept`,
  }[is];
  const facts: [string, string][] = [
    ['definition', `${file.hash.slice(0, 12)}, values from ${since}`],
    ['input', `${input.objects} objects, ${bytesText(input.bytes)}, snapshot ${input.snapshot.slice(0, 12)}`],
    ['records', `${grouped(records.once)}, delivered ${grouped(records.delivered)} times`],
    ['rows', `${rows.period}, and ${rows.adjustments} that adjust the month before`],
    ...Object.entries(file.totals).map(([name, sum]): [string, string] => [
      `sum of ${name}`,
      `${grouped(sum)}${dollars(name, BigInt(sum))}`,
    ]),
    ['table', `SHA-256 ${file.table.slice(0, 12)}`],
    ...(bytesCharged === undefined
      ? []
      : [
          ['scanned', `${bytesText(bytesCharged)}, ${usdText(scanCost(bytesCharged, readPrices()).usd)}`] as [
            string,
            string,
          ],
        ]),
  ];
  return [
    `${file.definition}: run ${run} is ${state}\n`,
    `${pairs(facts, '  ')}\n`,
    ...warnings(result),
    tableText(table, limit),
    ...(against === undefined
      ? []
      : [
          `Against the invoice, run ${against.run}: ${differencesText(against.differences, ['period', ...table.key], table.measures, limit)}`,
        ]),
  ].join('');
}

function warnings({ file, adjusts }: BillingResult): string[] {
  const { late, tooLate } = file.records;
  return [
    ...(late !== '0' && !adjusts && file.terms.kind === 'invoice'
      ? [
          `  ${grouped(late)} records of the month before came after it had closed, but it has no invoice to adjust\n`,
        ]
      : []),
    ...(tooLate !== '0'
      ? [
          `  ${grouped(tooLate)} records are older than the month before and came since it closed: nobody is billed for them\n`,
        ]
      : []),
  ];
}

function tableText({ columns: names, rows }: InvoiceTable, limit: number): string {
  if (rows.length === 0) return '';
  const cells = rows
    .slice(0, limit)
    .map(({ period, cells: row }) => [period, ...row.map(shown)].map((cell) => `${cell}`));
  const more =
    rows.length > limit ? `… and ${rows.length - limit} more: \`spillway billing export\` gives all\n` : '';
  return `${columns(['period', ...names], cells)}\n${more}`;
}

/** Rows that differ: by how much each measure is more or less. */
export function differencesText(
  found: readonly RowDifference[],
  key: readonly string[],
  measures: readonly string[],
  limit: number,
): string {
  if (found.length === 0) return 'no row differs\n';
  const rows = found
    .slice(0, limit)
    .map(({ key: cells, measures: steps }) => [...cells.map(shown), ...steps.map(signed)]);
  const sums = measures.map((_, at) =>
    signed(found.reduce((sum, { measures: steps }) => sum + (steps[at] ?? 0n), 0n)),
  );
  const more = found.length > limit ? `… and ${found.length - limit} more\n` : '';
  const sum = ['together', ...key.slice(1).map(() => ''), ...sums];
  return `${found.length === 1 ? 'one row differs' : `${found.length} rows differ`}\n${columns([...key, ...measures], [...rows, sum])}\n${more}`;
}

/** The JSON document of `billing run --json`; whole numbers are texts, so that none loses a digit. */
export function billingRunJson(results: readonly BillingResult[]): object {
  return {
    schemaVersion: 1,
    command: 'billing run',
    runs: results.map(({ run, is, file, cost, bytesCharged, against }) => ({
      run,
      is,
      ...file,
      cost,
      ...(bytesCharged !== undefined && { bytesCharged }),
      ...(against !== undefined && {
        against: against.run,
        differences: differencesJson(against.differences, ['period', ...file.terms.key], file.terms.measures),
      }),
    })),
  };
}

export function differencesJson(
  found: readonly RowDifference[],
  key: readonly string[],
  measures: readonly string[],
): object[] {
  return found.map(({ key: cells, measures: steps }) => ({
    ...Object.fromEntries(key.map((name, at) => [name, shown(cells[at] ?? null)])),
    ...Object.fromEntries(measures.map((name, at) => [name, String(steps[at] ?? 0n)])),
  }));
}

function shown(value: Value): string {
  return value === null ? '–' : value === '' ? '(none)' : String(value);
}

function signed(value: bigint): string {
  return value > 0n ? `+${value}` : String(value);
}

function grouped(text: string): string {
  return BigInt(text).toLocaleString('en-US');
}

/** Micro-dollars in dollars, to the last digit. */
function dollars(name: string, value: bigint): string {
  if (!name.endsWith('micro_usd')) return '';
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(7, '0');
  return ` (${sign}$${BigInt(digits.slice(0, -6)).toLocaleString('en-US')}.${digits.slice(-6)})`;
}
