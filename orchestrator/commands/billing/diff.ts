import { listRuns, readRun } from '../../billing/books/runs';
import { runDifferences } from '../../billing/invoice/run-differences';
import { periodOf } from '../../billing/period';
import { differencesJson, differencesText } from '../../report/billing-run-report';
import { columns } from '../../report/table';
import { EXIT_DONE, type Streams } from '../streams';
import { type BillingOptions, openBilling } from './open-billing';
import { foundRun } from './find-run';

export interface DiffBillingOptions extends BillingOptions {
  period: string;
  limit: string;
}

/** `spillway billing diff <definition> [from] [to] --period 2026-10`: what differs between two runs; without them, which there are. */
export async function diff(
  definition: string,
  [from, to]: readonly [string | undefined, string | undefined],
  options: DiffBillingOptions,
  streams: Streams,
): Promise<number> {
  const period = periodOf(options.period);
  const place = await openBilling(options, streams);
  try {
    const runs = await listRuns(place.books, definition, period.name);
    const [one, other] = [
      foundRun(runs, from, 'invoice', definition, period),
      foundRun(runs, to, 'last', definition, period),
    ];
    const [before, after] = [
      await readRun(place.books, definition, period.name, one),
      await readRun(place.books, definition, period.name, other),
    ];
    const differences = runDifferences(before.table, after.table);
    const key = ['period', ...after.table.key];
    const { measures } = after.table;
    const document = {
      schemaVersion: 1,
      command: 'billing diff',
      definition,
      period: period.name,
      from: one,
      to: other,
      runs,
      differences: differencesJson(differences, key, measures),
    };
    const list = columns(
      ['run', 'is', 'made', 'by'],
      runs.map(({ run, is, at, who }) => [run, is, at, who]),
    );
    const why = [
      ...(before.file.hash === after.file.hash ? [] : ['the definition']),
      ...(before.file.input.snapshot === after.file.input.snapshot ? [] : ['the archive']),
      ...(JSON.stringify(before.file.input.given) === JSON.stringify(after.file.input.given)
        ? []
        : ['what else is read']),
    ];
    const cause = why.length === 0 ? '' : `Another in it: ${why.join(', ')}.\n`;
    streams.stdout.write(
      options.json
        ? `${JSON.stringify(document)}\n`
        : `${list}\n\nFrom run ${one} to run ${other}: ${differencesText(differences, key, measures, Number(options.limit))}${cause}`,
    );
    return EXIT_DONE;
  } finally {
    place.close();
  }
}
