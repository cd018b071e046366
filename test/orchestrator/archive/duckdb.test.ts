import { z } from 'zod';
import { DuckDb, sqlText } from '../../../orchestrator/archive/duckdb';

let engine: DuckDb;

beforeAll(async () => {
  engine = await DuckDb.open({ threads: 1, memoryMegabytes: 256 });
});
afterAll(() => {
  engine.close();
});

test('rows become objects: numbers where exact, lists and structs as such', async () => {
  const row = z.object({
    units: z.number(),
    total: z.union([z.number(), z.bigint()]),
    entries: z.array(z.object({ key: z.string(), writes: z.number() })),
    at: z.string(),
    money: z.string(),
    nothing: z.null(),
  });
  const rows = await engine.query(
    `SELECT CAST(5 AS BIGINT) AS units, CAST(9007199254740993 AS HUGEINT) AS total,
       [{key: 'S:a', writes: CAST(1 AS BIGINT)}] AS entries, DATE '2026-10-01' AS at,
       CAST(1.10 AS DECIMAL(9, 2)) AS money, NULL AS nothing`,
    row,
  );
  expect(rows).toEqual([
    {
      units: 5,
      total: 9007199254740993n,
      entries: [{ key: 'S:a', writes: 1 }],
      at: '2026-10-01',
      money: '1.10',
      nothing: null,
    },
  ]);
});

test('a whole number that a JavaScript number cannot hold is refused where a number is asked for', async () => {
  await expect(
    engine.query('SELECT CAST(9007199254740993 AS BIGINT) AS units', z.object({ units: z.number() })),
  ).rejects.toThrow(/units/);
});

test('values are given by name', async () => {
  const rows = await engine.query('SELECT $name || $count AS said', z.object({ said: z.string() }), {
    name: "it's ",
    count: 2,
  });
  expect(rows).toEqual([{ said: "it's 2" }]);
});

test('batches come in order and need not be read to their end', async () => {
  const sizes: number[] = [];
  let next = 0;
  for await (const batch of engine.batches('FROM range(10000) AS r(n)', z.object({ n: z.number() }))) {
    for (const { n } of batch) expect(n).toBe(next++);
    sizes.push(batch.length);
  }
  expect(next).toBe(10_000);
  expect(Math.max(...sizes)).toBeLessThan(10_000);
  for await (const batch of engine.batches('FROM range(10000) AS r(n)', z.object({ n: z.number() }))) {
    expect(batch[0]).toEqual({ n: 0 });
    break;
  }
  expect(await engine.query('SELECT 1 AS n', z.object({ n: z.number() }))).toEqual([{ n: 1 }]);
});

test('its threads and memory are what it was told', async () => {
  const rows = await engine.query(
    "SELECT current_setting('threads') AS threads, current_setting('memory_limit') AS memory",
    z.object({ threads: z.number(), memory: z.string() }),
  );
  expect(rows).toEqual([{ threads: 1, memory: '244.1 MiB' }]);
});

test('a text as a literal', async () => {
  expect(await engine.query(`SELECT ${sqlText("it's")} AS said`, z.object({ said: z.string() }))).toEqual([
    { said: "it's" },
  ]);
});
