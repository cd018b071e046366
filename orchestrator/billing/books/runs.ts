import { z } from 'zod';
import { UserFault } from '../../user-fault';
import { csvOf, tableOf } from '../invoice/csv';
import { hashOf, type Terms } from '../definition/in-force';
import type { InvoiceTable } from '../invoice/invoice-table';
import type { Books } from './books';

const whole = z.string().regex(/^-?\d+$/);

/** What a run was made of and what came out, without a clock in it: `run.json`. Whole numbers are texts. */
const runFile = z.strictObject({
  schemaVersion: z.literal(1),
  definition: z.string(),
  period: z.string(),
  /** Of the definition in force for the period. */
  hash: z.string(),
  terms: z.strictObject({
    kind: z.enum(['invoice', 'report']),
    closesAfterHours: z.number(),
    key: z.array(z.string()),
    measures: z.array(z.string()),
    reads: z.array(z.enum(['entries', 'counters', 'suspensions'])),
    parameters: z.record(z.string(), z.string()),
    sql: z.string(),
  }),
  /** The first hour of arrival after those that count. */
  closes: z.string(),
  input: z.strictObject({
    objects: z.number(),
    bytes: z.number(),
    /** Over name, size and ETag of each object. */
    snapshot: z.string(),
    /** What was read besides usage, by relation: rows and their hash. */
    given: z.record(z.string(), z.strictObject({ rows: z.number(), hash: z.string() })),
    /** The run that late usage adjusts. */
    adjusts: z.string().nullable(),
  }),
  records: z.strictObject({ delivered: whole, once: whole, late: whole, tooLate: whole }),
  rows: z.strictObject({ period: z.number(), adjustments: z.number() }),
  totals: z.record(z.string(), whole),
  /** SHA-256 of the table's bytes. */
  table: z.string(),
});

export type RunFile = z.infer<typeof runFile>;

const runEntry = z.object({
  run: z.string(),
  /** The first run of a closed month is its invoice; another result beside it is a re-rating. */
  is: z.enum(['invoice', 're-rating']),
  at: z.iso.datetime(),
  who: z.string(),
});

export type RunEntry = z.infer<typeof runEntry>;

/** A run as it is kept. */
export interface KeptRun {
  readonly id: string;
  readonly file: RunFile;
  readonly table: InvoiceTable;
}

/** Names a run by what it is made of: the same definition, objects and rows make the same run. */
export function runId({ hash, input, period }: Pick<RunFile, 'hash' | 'input' | 'period'>): string {
  return hashOf([period, hash, input.snapshot, input.given, input.adjusts]).slice(0, 12);
}

/** Keeps a run's table; the same run again must give the same bytes. */
export async function keepRun(books: Books, file: RunFile, table: InvoiceTable): Promise<string> {
  const id = runId(file);
  const folder = folderOf(file, id);
  await books.writeFile(`${folder}/table.csv`, csvOf(table));
  await books.writeFile(`${folder}/run.json`, `${JSON.stringify(file, null, 2)}\n`);
  return id;
}

/** Enters a kept run into the books. Answers what it is: the month's invoice stays the first one. */
export async function enterRun(
  books: Books,
  { definition, period }: Pick<RunFile, 'definition' | 'period'>,
  run: string,
  by: { at: Date; who: string },
): Promise<RunEntry['is']> {
  const entryOf = (is: RunEntry['is']): string =>
    JSON.stringify({ run, is, at: by.at.toISOString(), who: by.who });
  const isFirst = await books.create(definition, { name: `invoice#${period}`, text: entryOf('invoice') });
  const invoice = await invoiceRun(books, definition, period);
  const is = isFirst || invoice === run ? 'invoice' : 're-rating';
  await books.create(definition, { name: `run#${period}#${run}`, text: entryOf(is) });
  return is;
}

/** The run that is a month's invoice; undefined while there is none. */
export async function invoiceRun(
  books: Books,
  definition: string,
  period: string,
): Promise<string | undefined> {
  const text = await books.read(definition, `invoice#${period}`);
  return text === undefined ? undefined : runEntry.parse(JSON.parse(text)).run;
}

/** The runs of a definition, of one month or all, by month and then by time. */
export async function listRuns(
  books: Books,
  definition: string,
  period?: string,
): Promise<(RunEntry & { period: string })[]> {
  const entries = await books.list(definition, period === undefined ? 'run#' : `run#${period}#`);
  return entries
    .map(({ name, text }) => ({ ...runEntry.parse(JSON.parse(text)), period: name.split('#')[1] ?? '' }))
    .sort((a, b) => (a.period === b.period ? (a.at < b.at ? -1 : 1) : a.period < b.period ? -1 : 1));
}

/** Reads a kept run. Throws a UserFault where there is none. */
export async function readRun(
  books: Books,
  definition: string,
  period: string,
  id: string,
): Promise<KeptRun> {
  const folder = folderOf({ definition, period }, id);
  const [run, csv] = [
    await books.readFile(`${folder}/run.json`),
    await books.readFile(`${folder}/table.csv`),
  ];
  if (run === undefined || csv === undefined) {
    throw new UserFault(
      `${books.place}/${folder} is not there, or not whole: \`spillway billing run ${definition} --period ${period}\` makes it again from the same archive`,
    );
  }
  const file = runFile.parse(JSON.parse(run));
  return { id, file, table: tableOf(csv, file.terms) };
}

/** What of a definition a run keeps: enough to rate with it again. */
export function termsOf({
  kind,
  closesAfterHours,
  key,
  measures,
  reads,
  parameters,
  sql,
}: Terms): RunFile['terms'] {
  return {
    kind,
    closesAfterHours,
    key: [...key],
    measures: [...measures],
    reads: [...reads],
    parameters,
    sql,
  };
}

function folderOf({ definition, period }: Pick<RunFile, 'definition' | 'period'>, id: string): string {
  return `${definition}/runs/${period}/${id}`;
}
