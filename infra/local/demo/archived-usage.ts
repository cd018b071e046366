import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { usageOnce } from '../../../orchestrator/archive/entries-sql';
import { openFolderArchive } from '../../../orchestrator/archive/folder-archive';
import { copyArchive } from '../../../orchestrator/archive/s3-copy';
import type { LocalSpillway } from '../spillway';

/** What the archive says of one table and its indexes, each change once. */
export interface ArchivedUsage {
  /** Usage records in the archive, of all tables. */
  readonly records: number;
  readonly objects: number;
  readonly units: number;
  readonly writes: number;
}

const totals = z.object({ units: z.number(), writes: z.number() });

/**
 * Has the archive written and adds up what it holds of a table, until it holds as many changes as were counted elsewhere
 * or the time is over. Both go on reading while it waits, so that the other's count is asked for anew each time.
 *
 * @param folder takes the copy that is read
 */
export async function archivedUsage(
  spillway: Pick<LocalSpillway, 'archive' | 'environment' | 'resources'>,
  table: string,
  {
    writes,
    withinMs,
    folder,
  }: { readonly writes: () => number; readonly withinMs: number; readonly folder: string },
): Promise<ArchivedUsage> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    await spillway.archive.flush();
    const found = await read(spillway, table, folder);
    if (found.writes === writes() || Date.now() > deadline) return found;
    await wait(1_000);
  }
}

async function read(
  { archive: delivery, environment, resources }: Pick<LocalSpillway, 'archive' | 'environment' | 'resources'>,
  table: string,
  folder: string,
): Promise<ArchivedUsage> {
  const copy = join(folder, 'archive');
  await copyArchive(environment['AWS_REGION'] ?? '', environment, resources.archiveBucket, copy);
  const archive = await openFolderArchive(copy, { threads: 1, memoryMegabytes: 512 });
  try {
    const { sql } = await usageOnce(archive, {
      fromSecond: 0,
      untilSecond: Math.ceil(Date.now() / 1_000) + 60,
    });
    const { rows } = await archive.query(
      `SELECT COALESCE(SUM(units), 0) AS units, COALESCE(SUM(writes), 0) AS writes FROM (${sql}) AS entries ` +
        `WHERE resource = '${table}' OR resource LIKE '${table}/%'`,
      totals,
    );
    const { records, objects } = delivery.delivered();
    return { records, objects, units: rows[0]?.units ?? 0, writes: rows[0]?.writes ?? 0 };
  } finally {
    archive.close();
  }
}
