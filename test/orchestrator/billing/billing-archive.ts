import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { archiveRecords, newFolder, usage } from '../archive/archive-folder';
import { type Ran, runSpillway } from '../run-spillway';

const at = (text: string): number => Date.parse(text) / 1000;

/** An archive of three subjects in September and October 2026 with a repeat and a late record, and definitions of its own. */
export interface BillingArchive {
  readonly folder: string;
  readonly billing: string;
  /** Runs `spillway billing …` on it. */
  spillway(...args: string[]): Promise<Ran>;
  /** Changes the text of a definition's file. */
  change(file: string, from: string, to: string): void;
  /** Archives units of a subject; without `arrived` in the hour of the change. */
  add(
    second: string,
    subject: string,
    units: number,
    more?: { batch?: string; arrived?: string },
  ): Promise<void>;
}

export async function billingArchive(): Promise<BillingArchive> {
  const folder = newFolder();
  const billing = join(folder, 'athena-sql');
  cpSync(resolve(__dirname, '../../../athena-sql'), billing, { recursive: true });
  let batches = 0;
  const add: BillingArchive['add'] = (
    second,
    subject,
    units,
    { batch = `b${++batches}`, arrived = second } = {},
  ) => {
    const entries = [{ resource: 'users', key: `S:${subject}`, subject, units, writes: 1 }];
    const record = usage({ second: at(second), source: 'users', batch, entries });
    return archiveRecords(folder, at(arrived), [record], `${batch}-${arrived.replaceAll(':', '')}`);
  };
  await add('2026-09-10T08:00:00Z', 'app_1', 1_400_000);
  await add('2026-09-30T23:00:00Z', 'app_2', 600_000);
  // It comes after September has closed.
  await add('2026-09-30T23:00:01Z', 'app_2', 900_000, { arrived: '2026-10-04T05:00:00Z' });
  await add('2026-10-02T08:00:00Z', 'app_1', 3_000_000, { batch: 'twice' });
  await add('2026-10-02T08:00:00Z', 'app_1', 3_000_000, { batch: 'twice', arrived: '2026-10-02T09:00:00Z' });
  await add('2026-10-20T08:00:00Z', 'app_3', 120_000_000);
  return {
    folder,
    billing,
    add,
    spillway: (...args) =>
      runSpillway(['billing', ...args, '--billing', billing, ...onArchive(args, folder)]),
    change: (file, from, to) => {
      const path = join(billing, file);
      const text = readFileSync(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      writeFileSync(path, text.replace(from, to));
    },
  };
}

/** These two read only the files of definitions. */
function onArchive([command]: readonly string[], folder: string): string[] {
  return command === 'validate' || command === 'test' ? [] : ['--archive', folder];
}
