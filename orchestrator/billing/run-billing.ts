import type { Books } from './books/books';
import {
  enterRun,
  invoiceRun,
  keepRun,
  type KeptRun,
  readRun,
  type RunEntry,
  type RunFile,
  runId,
  termsOf,
} from './books/runs';
import { hashOf, inForce, type Terms } from './definition/in-force';
import type { BillingDefinition } from './definition/read-billing-definition';
import type { ArchiveObject, BillingEngine } from './engine/engine';
import { type Billed, computeInvoice, hoursOfRun } from './invoice/compute-invoice';
import { csvOf } from './invoice/csv';
import { type InvoiceTable, type RowDifference, totalsOf } from './invoice/invoice-table';
import { runDifferences } from './invoice/run-differences';
import { closesAt, hourText, type Period, periodBefore } from './period';
import { refuseTooMuch, scanCost, type ScanCost } from './scan-cost';
import type { Prices } from '../cost/prices';
import type { GivenRelation } from './sql/relations';

export interface BillingRun {
  readonly definition: BillingDefinition;
  readonly period: Period;
  readonly given: readonly GivenRelation[];
  readonly now: Date;
  readonly who: string;
  readonly mostBytes: number;
  readonly prices: Prices;
  /** Hears what the run is about to read, before it does. */
  announce(cost: ScanCost, objects: number): void;
}

/** What came of a run. */
export interface BillingResult {
  readonly run: string;
  /** `preview`: the month has not closed, nothing was kept. */
  readonly is: RunEntry['is'] | 'preview';
  readonly file: RunFile;
  /** The first month of the values in force. */
  readonly since: string;
  readonly table: InvoiceTable;
  readonly cost: ScanCost;
  /** Charged by the service; undefined where reading is free. */
  readonly bytesCharged: number | undefined;
  /** Of a re-rating: its invoice, and what differs from it. */
  readonly against: { readonly run: string; readonly differences: readonly RowDifference[] } | undefined;
  /** Whether the month before has an invoice that late usage can adjust. */
  readonly adjusts: boolean;
}

/** Objects are filled for up to a quarter of an hour, and written after that. */
const SETTLES_SECONDS = 3600;

/** Rates a month with what holds for it, and keeps the result beside what is there. */
export async function runBilling(
  engine: BillingEngine,
  books: Books,
  asked: BillingRun,
): Promise<BillingResult> {
  const { definition, period, given, prices } = asked;
  const terms = inForce(definition, period);
  const previousPeriod = periodBefore(period);
  const before =
    terms.kind === 'invoice' ? await invoiceOf(books, definition.name, previousPeriod) : undefined;
  const billed = before && billedBy(before, previousPeriod);
  const objects = await engine.objects(hoursOfRun({ terms, period, billed }));
  const cost = scanCost(
    objects.reduce((sum, { bytes }) => sum + bytes, 0),
    prices,
  );
  refuseTooMuch(cost, asked.mostBytes);
  asked.announce(cost, objects.length);
  const { table, counts } = await computeInvoice(engine, { terms, period, previousPeriod, given, billed });
  const input = inputOf(objects, terms, given, before);
  const file: RunFile = {
    schemaVersion: 1,
    definition: definition.name,
    period: period.name,
    hash: terms.hash,
    terms: termsOf(terms),
    closes: hourText(closesAt(period, terms.closesAfterHours)),
    input,
    records: {
      delivered: String(counts.delivered),
      once: String(counts.records),
      late: String(counts.late),
      tooLate: String(counts.tooLate),
    },
    rows: {
      period: table.rows.filter((row) => row.period === period.name).length,
      adjustments: table.rows.filter((row) => row.period !== period.name).length,
    },
    totals: Object.fromEntries(Object.entries(totalsOf(table)).map(([name, sum]) => [name, String(sum)])),
    table: hashOf(csvOf(table)),
  };
  const done = {
    file,
    since: terms.since,
    table,
    cost,
    bytesCharged: engine.bytesCharged(),
    adjusts: billed !== undefined,
  };
  if (asked.now.getTime() / 1000 < closesAt(period, terms.closesAfterHours) + SETTLES_SECONDS) {
    return { ...done, run: runId(file), is: 'preview', against: undefined };
  }
  const run = await keepRun(books, file, table);
  const is = await enterRun(books, file, run, { at: asked.now, who: asked.who });
  const invoice = await invoiceOf(books, definition.name, period);
  const against =
    is === 'invoice' || invoice === undefined
      ? undefined
      : { run: invoice.id, differences: runDifferences(invoice.table, table) };
  return { ...done, run, is, against };
}

function inputOf(
  objects: readonly ArchiveObject[],
  { reads }: Terms,
  given: readonly GivenRelation[],
  before: KeptRun | undefined,
): RunFile['input'] {
  const used = given.filter(({ name }) => reads.includes(name));
  return {
    objects: objects.length,
    bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    snapshot: hashOf(objects.map(({ key, bytes, etag }) => [key, bytes, etag])),
    given: Object.fromEntries(
      used.map(({ name, rows }) => [
        name,
        { rows: rows.length, hash: hashOf(rows.map((row) => row.map(String))) },
      ]),
    ),
    adjusts: before?.id ?? null,
  };
}

async function invoiceOf(books: Books, definition: string, { name }: Period): Promise<KeptRun | undefined> {
  const run = await invoiceRun(books, definition, name);
  return run === undefined ? undefined : readRun(books, definition, name, run);
}

/** The month's own rows: what it adjusted of the month before it is settled. */
function billedBy({ file, table }: KeptRun, period: Period): Billed {
  const { terms, hash, definition } = file;
  const own = table.rows.filter((row) => row.period === period.name);
  return {
    period,
    terms: { ...terms, definition, hash },
    table: { columns: table.columns, rows: own.map(({ cells }) => cells) },
  };
}
