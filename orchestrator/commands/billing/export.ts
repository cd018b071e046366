import { writeFileSync } from 'node:fs';
import { type KeptRun, listRuns, readRun } from '../../billing/books/runs';
import { csvOf } from '../../billing/invoice/csv';
import { periodOf } from '../../billing/period';
import type { Value } from '../../billing/sql/relations';
import { EXIT_DONE, type Streams } from '../streams';
import { foundRun } from './find-run';
import { type BillingOptions, openBilling } from './open-billing';

export interface ExportBillingOptions extends BillingOptions {
  period: string;
  format: 'csv' | 'json';
  /** A run other than the month's invoice. */
  run?: string;
  out?: string;
}

/** `spillway billing export <definition> --period 2026-10`: all rows of a kept run, the same bytes each time. */
export async function exportRun(
  definition: string,
  options: ExportBillingOptions,
  streams: Streams,
): Promise<number> {
  const period = periodOf(options.period);
  const place = await openBilling(options, streams);
  try {
    const runs = await listRuns(place.books, definition, period.name);
    const id = foundRun(runs, options.run, 'invoice', definition, period);
    const kept = await readRun(place.books, definition, period.name, id);
    const text =
      options.format === 'csv' && !options.json ? csvOf(kept.table) : `${JSON.stringify(asJson(kept))}\n`;
    if (options.out === undefined) streams.stdout.write(text);
    else {
      writeFileSync(options.out, text);
      streams.stderr.write(`written: ${options.out}\n`);
    }
    return EXIT_DONE;
  } finally {
    place.close();
  }
}

function asJson({ id, file, table }: KeptRun): object {
  const { definition, period, hash, input, totals } = file;
  const rows = table.rows.map(({ period: of, cells }) => ({
    period: of,
    ...Object.fromEntries(table.columns.map((name, at) => [name, plain(cells[at] ?? null)])),
  }));
  return {
    schemaVersion: 1,
    command: 'billing export',
    definition,
    period,
    run: id,
    hash,
    input,
    totals,
    rows,
  };
}

/** A number where JSON carries it without loss, else its text. */
function plain(value: Value): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
