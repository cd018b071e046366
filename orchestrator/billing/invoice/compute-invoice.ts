import type { Terms } from '../definition/in-force';
import type { BillingEngine, RatedTable } from '../engine/engine';
import { entriesOnce } from '../engine/entries';
import { closesAt, type Period } from '../period';
import { type Arrival, arrivalOf, arrivedSql, ratingSql } from '../sql/rating-sql';
import type { GivenRelation, Value } from '../sql/relations';
import { adjustmentRows, checkedTable, differences, type InvoiceTable } from './invoice-table';

/** The invoice of the month before, which late usage adjusts. */
export interface Billed {
  readonly period: Period;
  /** What it was billed by: an adjustment follows the terms of its own month. */
  readonly terms: Terms;
  readonly table: RatedTable;
}

/** What was read, counted by the engine. */
export interface RecordCounts {
  /** Usage records of the period, as often as they were delivered. */
  readonly delivered: bigint;
  /** Each counted once. */
  readonly records: bigint;
  /** Of the month before, delivered after it had closed. */
  readonly late: bigint;
  /** Older still: nobody is billed for them, so people must be told. */
  readonly tooLate: bigint;
}

export interface ComputedInvoice {
  readonly table: InvoiceTable;
  readonly counts: RecordCounts;
}

/** What an invoice is computed from. */
export interface InvoiceInput {
  readonly terms: Terms;
  readonly period: Period;
  readonly previousPeriod: Period;
  readonly given: readonly GivenRelation[];
  readonly billed: Billed | undefined;
}

/** Everything whose usage a run may look at: its objects are the run's snapshot. */
export function hoursOfRun({
  terms,
  period,
  billed,
}: Pick<InvoiceInput, 'terms' | 'period' | 'billed'>): Arrival {
  const first = billed === undefined || terms.kind === 'report' ? period : billed.period;
  return arrivalOf(first, closesAt(period, terms.closesAfterHours));
}

/**
 * Rates a period, and the month before again with what came after it had closed: what differs from its invoice adjusts
 * it. The engine does all reading; nothing here reads a clock.
 */
export async function computeInvoice(engine: BillingEngine, input: InvoiceInput): Promise<ComputedInvoice> {
  const { terms, period, given, billed } = input;
  const { key, measures } = terms;
  const closes = closesAt(period, terms.closesAfterHours);
  const rate = async (by: Terms, of: Period): Promise<RatedTable> => {
    const entries = by.reads.includes('entries') ? await entriesOnce(engine, of, closes) : undefined;
    return checkedTable(await engine.query(ratingSql(by, entries, given)), by);
  };
  const { columns, rows } = await rate(terms, period);
  const counts = await countRecords(engine, input, closes);
  const own = rows.map((cells) => ({ period: period.name, cells }));
  if (terms.kind === 'report' || billed === undefined || counts.late === 0n) {
    return { table: { columns, key, measures, rows: own }, counts };
  }
  const again = await rate(billed.terms, billed.period);
  const found = differences(billed.table, again, billed.terms.key, billed.terms.measures);
  const adjusting = adjustmentRows(columns, billed.terms.key, billed.terms.measures, found);
  const adjustments = adjusting.map((cells) => ({ period: billed.period.name, cells }));
  return { table: { columns, key, measures, rows: [...own, ...adjustments] }, counts };
}

async function countRecords(
  engine: BillingEngine,
  { terms, period, previousPeriod }: InvoiceInput,
  closes: number,
): Promise<RecordCounts> {
  const nothing = { delivered: 0n, records: 0n, late: 0n, tooLate: 0n };
  if (!terms.reads.includes('entries')) return nothing;
  const arrival = arrivalOf(period, closes);
  const afterClose = { fromSecond: closesAt(previousPeriod, terms.closesAfterHours), toSecond: closes };
  const [first] = (
    await engine.query(`SELECT
    COALESCE(SUM(CASE WHEN second >= ${period.fromSecond} THEN deliveries ELSE 0 END), 0) AS delivered,
    COALESCE(SUM(CASE WHEN second >= ${period.fromSecond} THEN 1 ELSE 0 END), 0) AS records,
    COALESCE(SUM(CASE WHEN second < ${period.fromSecond} AND second >= ${previousPeriod.fromSecond} THEN late_deliveries ELSE 0 END), 0) AS late,
    COALESCE(SUM(CASE WHEN second < ${previousPeriod.fromSecond} THEN late_deliveries ELSE 0 END), 0) AS too_late
FROM (
    SELECT source, batch, part, second, COUNT(*) AS deliveries,
        COALESCE(SUM(CASE WHEN ${arrivedSql(afterClose)} THEN 1 ELSE 0 END), 0) AS late_deliveries
    FROM usage
    WHERE ${arrivedSql(arrival)} AND second < ${period.toSecond}
    GROUP BY source, batch, part, second
) AS counted`)
  ).rows;
  const count = (at: number): bigint => numberOf(first?.[at]);
  return { delivered: count(0), records: count(1), late: count(2), tooLate: count(3) };
}

function numberOf(value: Value | undefined): bigint {
  return typeof value === 'bigint' ? value : 0n;
}
