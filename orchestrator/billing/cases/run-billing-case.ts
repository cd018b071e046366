import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDb, sqlText } from '../../archive/duckdb';
import { compareRows, type TableDifference } from '../../cases/compare-rows';
import { messageOf, UserFault } from '../../user-fault';
import { inForce } from '../definition/in-force';
import type { BillingDefinition } from '../definition/read-billing-definition';
import { duckDbEngine } from '../engine/duckdb-engine';
import type { BillingEngine } from '../engine/engine';
import { type Trino, trinoEngine } from '../engine/trino-engine';
import { computeInvoice } from '../invoice/compute-invoice';
import type { InvoiceTable } from '../invoice/invoice-table';
import { periodBefore, periodOf } from '../period';
import type { Value } from '../sql/relations';
import type { BillingCase, CaseRow } from './billing-case';
import { duckDbRecords } from './case-records';

export type CaseEngine = 'duckdb' | 'trino';

/** How a case came out on one engine. */
export interface BillingOutcome {
  readonly case: BillingCase;
  readonly engine: CaseEngine;
  readonly rows: readonly CaseRow[];
  readonly difference: TableDifference | undefined;
  /** Why it could not be run. */
  readonly error: string | undefined;
  readonly passed: boolean;
}

/** Runs a case on DuckDB over files written for it, or on the given Trino. */
export async function runBillingCase(one: BillingCase, trino?: Trino): Promise<BillingOutcome> {
  const engine: CaseEngine = trino === undefined ? 'duckdb' : 'trino';
  try {
    const table =
      trino === undefined
        ? await onFiles(one, (opened) => billed(one, opened))
        : await billed(one, trinoEngine(trino, one.records));
    const rows = rowsOf(table, one.period);
    const difference = compareRows('expected', one.expected, rows) ?? orderDifference(one.expected, rows);
    return { case: one, engine, rows, difference, error: undefined, passed: difference === undefined };
  } catch (fault) {
    if (!(fault instanceof UserFault)) throw fault;
    return { case: one, engine, rows: [], difference: undefined, error: messageOf(fault), passed: false };
  }
}

/** The case's month, after the month before was billed and had closed. */
async function billed(one: BillingCase, engine: BillingEngine): Promise<InvoiceTable> {
  const definition = withParameters(one.definition, one.parameters);
  const period = periodOf(one.period);
  const previousPeriod = periodBefore(period);
  const { given } = one;
  const before = { terms: inForce(definition, previousPeriod), period: previousPeriod };
  const first = await computeInvoice(engine, {
    ...before,
    previousPeriod: periodBefore(previousPeriod),
    given,
    billed: undefined,
  });
  const table = { columns: first.table.columns, rows: first.table.rows.map(({ cells }) => cells) };
  const input = {
    terms: inForce(definition, period),
    period,
    previousPeriod,
    given,
    billed: { ...before, table },
  };
  return (await computeInvoice(engine, input)).table;
}

function withParameters(
  definition: BillingDefinition,
  values: Readonly<Record<string, unknown>>,
): BillingDefinition {
  const versions = definition.versions.map((version) => ({
    ...version,
    from: '2000-01',
    parameters: { ...version.parameters, ...values },
  }));
  return Object.keys(values).length === 0
    ? {
        ...definition,
        versions: definition.versions.map((version, at) =>
          at === 0 ? { ...version, from: '2000-01' } : version,
        ),
      }
    : { ...definition, versions };
}

async function onFiles<T>(one: BillingCase, run: (engine: BillingEngine) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-billing-case-'));
  try {
    const writer = await DuckDb.open();
    try {
      const target = sqlText(join(folder, 'usage'));
      await writer.run(
        `COPY (${duckDbRecords(one.records)}) TO ${target} (FORMAT parquet, PARTITION_BY (day, hour))`,
      );
    } finally {
      writer.close();
    }
    const engine = await duckDbEngine(folder);
    try {
      return await run(engine);
    } finally {
      engine.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows as `expected.jsonl` has them; `period` only where a row adjusts another month, NULL left out. */
function rowsOf({ columns, rows }: InvoiceTable, period: string): CaseRow[] {
  return rows.map((row) => ({
    ...(row.period === period ? {} : { period: row.period }),
    ...Object.fromEntries(
      columns.flatMap((name, at) => {
        const value = row.cells[at] ?? null;
        return value === null ? [] : [[name, plain(value)]];
      }),
    ),
  }));
}

/** A number where that is exact, so that a case's file can be written by hand. */
function plain(value: Value): unknown {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** The same rows in another order are another invoice. */
function orderDifference(
  expected: readonly CaseRow[],
  rows: readonly CaseRow[],
): TableDifference | undefined {
  const at = rows.findIndex((row, index) => compareRows('', [row], [expected[index] ?? {}]) !== undefined);
  const row = rows[at];
  return row === undefined
    ? undefined
    : { table: 'the order of expected', missing: [expected[at] ?? {}], unexpected: [row], differing: [] };
}
