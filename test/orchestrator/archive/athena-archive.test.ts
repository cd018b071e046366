import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { UsageRecord } from '../../../lambdas/contracts/usage-record';
import { athenaArchive } from '../../../orchestrator/archive/athena-archive';
import { DuckDb, sqlText } from '../../../orchestrator/archive/duckdb';
import { toDuckDb } from '../../../orchestrator/archive/duckdb-dialect';
import { archiveRecords, newFolder, usage } from './archive-folder';

const noon = Date.UTC(2026, 9, 1, 12) / 1_000;

let folder: string;
let engine: DuckDb;

beforeAll(async () => {
  folder = newFolder();
  await archiveRecords(folder, noon, [usage({ second: noon + 1, firstSequence: '7', lastSequence: '9' })]);
  await archiveRecords(folder, noon + 3_600, [usage({ second: noon, batch: 'late' })]);
  engine = await DuckDb.open({ threads: 1, memoryMegabytes: 256 });
  await engine.run(
    `CREATE VIEW usage AS SELECT * FROM read_parquet(${sqlText(join(folder, 'usage/*/*/*.parquet'))},
      hive_types = {'day': VARCHAR, 'hour': VARCHAR})`,
  );
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

/** DuckDB in Athena's place, with the one function that it has under another name. */
async function recordsWith(jsonFormat: string): Promise<UsageRecord[]> {
  await engine.run(`CREATE OR REPLACE MACRO json_format(value) AS ${jsonFormat}`);
  const archive = athenaArchive(
    {
      query: async (sql, row) => ({ rows: await engine.query(toDuckDb(sql), row), bytesScanned: 10 }),
      close: () => undefined,
    },
    () => Promise.resolve([]),
  );
  const read: UsageRecord[] = [];
  for await (const batch of archive.records({ fromSecond: noon, untilSecond: noon + 2 })) {
    read.push(...batch.map(({ record }) => record));
  }
  return read;
}

const expected = [
  usage({ second: noon, batch: 'late' }),
  usage({ second: noon + 1, firstSequence: '7', lastSequence: '9' }),
];

test('records come in order of event time, their entries as objects of JSON', async () => {
  expect(await recordsWith('CAST(value AS VARCHAR)')).toEqual(expected);
});

test('entries as arrays of JSON, as an older engine gives them, are read too', async () => {
  const fields = ['resource', 'key', 'subject', 'units', 'writes'].map((field) => `e->'${field}'`);
  const asArrays = `CAST(to_json([json_array(${fields.join(', ')}) FOR e IN CAST(value AS JSON[])]) AS VARCHAR)`;
  expect(await recordsWith(asArrays)).toEqual(expected);
});

test('hours and the snapshot come from the listing', async () => {
  const objects = [
    { key: 'usage/day=2026-10-01/hour=12/a.parquet', bytes: 10, etag: 'one' },
    { key: 'usage/day=2026-10-01/hour=12/b.parquet', bytes: 5, etag: 'two' },
  ];
  const nobody = { query: () => Promise.reject(new Error('nobody asks')), close: () => undefined };
  const archive = athenaArchive(nobody, () => Promise.resolve(objects));
  expect(await archive.hours()).toEqual([{ day: '2026-10-01', hour: '12', objects: 2, bytes: 15 }]);
  const { hash, bytes } = await archive.snapshot();
  expect(bytes).toBe(15);
  const changed = objects.map((object) => ({ ...object, etag: 'other' }));
  const later = athenaArchive(nobody, () => Promise.resolve(changed));
  expect((await later.snapshot()).hash).not.toBe(hash);
  expect(z.string().length(64).parse(hash)).toBe(hash);
});
