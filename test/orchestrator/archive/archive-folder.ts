import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeParquet } from '../../../infra/local/firehose/parquet';
import type { UsageRecord } from '../../../lambdas/contracts/usage-record';
import { DuckDb } from '../../../orchestrator/archive/duckdb';
import { hourOf, hourPrefix } from '../../../orchestrator/archive/layout';

/** An empty folder of its own. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'spillway-archive-'));
}

/** A record of one batch of one change each second, unless told otherwise. */
export function usage(changed: Partial<UsageRecord> & { readonly second: number }): UsageRecord {
  return {
    version: 1,
    source: 'documents',
    batch: 'batch-1',
    part: 0,
    entries: [{ resource: 'documents', key: 'S:app_1', subject: 'app_1', units: 1, writes: 1 }],
    ...changed,
  };
}

/** Writes records into an object of the hour in which they arrived. */
export async function archiveRecords(
  folder: string,
  arrivedSecond: number,
  records: readonly UsageRecord[],
  name = 'usage-1',
): Promise<void> {
  const path = join(folder, hourPrefix(hourOf(arrivedSecond)), `${name}.parquet`);
  mkdirSync(dirname(path), { recursive: true });
  const engine = await DuckDb.open({ threads: 1, memoryMegabytes: 256 });
  try {
    const rows = records.map(({ firstSequence, lastSequence, ...rest }) => ({
      ...rest,
      first_sequence: firstSequence,
      last_sequence: lastSequence,
    }));
    await writeParquet(engine, rows, path);
  } finally {
    engine.close();
  }
}
