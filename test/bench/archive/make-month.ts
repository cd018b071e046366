import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DuckDb, sqlText } from '../../../orchestrator/archive/duckdb';
import { batchesSql, deliveriesSql, kinds } from './month-sql';
import { type MonthSize, monthSeconds } from './month-size';

/** What a subject really used of a resource in the month. */
const ledgerLine = z.object({
  subject: z.string(),
  resource: z.string(),
  units: z.number(),
  writes: z.number(),
});
export type LedgerLine = z.infer<typeof ledgerLine>;

/** A month in an archive's folder, and the truth about it. */
export interface Month {
  readonly fromSecond: number;
  /** Exclusive. */
  readonly untilSecond: number;
  /** What was drawn, added up before anything was delivered; by subject, then resource. */
  readonly ledger: readonly LedgerLine[];
  readonly changes: number;
  readonly units: number;
  /** Usage records that arrived, with those that arrived before. */
  readonly records: number;
  /** Batches by what was done to them (month-sql.ts). */
  readonly batches: Readonly<Record<keyof typeof kinds | 'all', number>>;
}

/** What is made at a time. */
const batchesAtATime = 24_000;

/**
 * Writes a month of usage into a folder as the archive would hold it: records delivered twice, late ones of which the
 * last arrive in the next month, batches read again in others. The same seed makes the same month.
 */
export async function makeMonth(folder: string, seed: number, size: MonthSize): Promise<Month> {
  const usage = join(folder, 'usage');
  mkdirSync(usage, { recursive: true });
  const engine = await DuckDb.open({ memoryMegabytes: 1_536, spillFolder: join(folder, 'spill') });
  try {
    await engine.run('SET preserve_insertion_order = false');
    await engine.run('CREATE TABLE used (subject VARCHAR, resource VARCHAR, units BIGINT, writes BIGINT)');
    const tally = { all: 0, late: 0, twice: 0, againLater: 0, split: 0, longer: 0 };
    let records = 0;
    for (let from = 0; from < size.batches; from += batchesAtATime) {
      const until = Math.min(from + batchesAtATime, size.batches);
      await engine.run(`CREATE OR REPLACE TABLE batches AS ${batchesSql(seed, size, from, until)}`);
      await engine.run(
        `INSERT INTO used SELECT d.subject, d.resource, SUM(d.writes * d.size), SUM(d.writes)
         FROM (SELECT UNNEST(drawn) AS d FROM batches) GROUP BY ALL`,
      );
      records += await deliver(engine, usage, String(from));
      for (const [kind, count] of Object.entries(await countKinds(engine))) {
        tally[kind as keyof typeof tally] += count;
      }
    }
    const ledger = await engine.query(
      `SELECT subject, resource, SUM(units) AS units, SUM(writes) AS writes FROM used
       GROUP BY subject, resource ORDER BY subject, resource`,
      ledgerLine,
    );
    return {
      ...monthSeconds(size.month),
      ledger,
      changes: ledger.reduce((sum, { writes }) => sum + writes, 0),
      units: ledger.reduce((sum, { units }) => sum + units, 0),
      records,
      batches: tally,
    };
  } finally {
    engine.close();
  }
}

/** Writes what arrives of some batches into the hours where it does; answers how many records that are. */
async function deliver(engine: DuckDb, usage: string, name: string): Promise<number> {
  await engine.run(
    `COPY (
       SELECT * EXCLUDE (arrived), strftime(make_timestamp(arrived * 1000000), '%Y-%m-%d') AS day,
         strftime(make_timestamp(arrived * 1000000), '%H') AS hour
       FROM (${deliveriesSql()}) WHERE len(entries) > 0
     ) TO ${sqlText(usage)} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (day, hour), OVERWRITE_OR_IGNORE,
       FILENAME_PATTERN ${sqlText(`usage-${name}-{i}`)})`,
  );
  const [counted] = await engine.query(
    `SELECT COUNT(*) AS records FROM (${deliveriesSql()}) WHERE len(entries) > 0`,
    z.object({ records: z.number() }),
  );
  return counted?.records ?? 0;
}

async function countKinds(engine: DuckDb): Promise<Record<string, number>> {
  const columns = Object.entries(kinds).map(([kind, where]) => `COUNT(*) FILTER (${where}) AS "${kind}"`);
  const [counted] = await engine.query(
    `SELECT COUNT(*) AS "all", ${columns.join(', ')} FROM batches`,
    z.record(z.string(), z.number()),
  );
  return counted ?? {};
}
