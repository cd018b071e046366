import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { allowedFunctions } from '../../../orchestrator/billing/definition/sql-subset';
import { duckDbEngine } from '../../../orchestrator/billing/engine/duckdb-engine';
import type { BillingEngine } from '../../../orchestrator/billing/engine/engine';
import { startTrino, type Trino } from '../../../orchestrator/billing/engine/trino-engine';

const big = 'CAST(9000000000000000000 AS BIGINT)';

/** Per function or operator of the subset: queries of one value each. */
const compared: Readonly<Record<string, readonly string[]>> = {
  SUM: [
    'SELECT CAST(SUM(x) AS BIGINT) FROM (VALUES (1), (2)) AS t (x)',
    'SELECT SUM(x) FROM (VALUES (1)) AS t (x) WHERE x > 1',
  ],
  MIN: [
    'SELECT MIN(x) FROM (VALUES (3), (2), (CAST(NULL AS BIGINT))) AS t (x)',
    "SELECT MIN(x) FROM (VALUES ('b'), ('a'), ('B')) AS t (x)",
  ],
  MAX: [
    'SELECT MAX(x) FROM (VALUES (3), (2), (CAST(NULL AS BIGINT))) AS t (x)',
    "SELECT MAX(x) FROM (VALUES ('z'), ('ä')) AS t (x)",
  ],
  COUNT: [
    'SELECT COUNT(x) FROM (VALUES (3), (CAST(NULL AS BIGINT))) AS t (x)',
    'SELECT COUNT(DISTINCT x) FROM (VALUES (3), (3)) AS t (x)',
  ],
  COALESCE: ['SELECT COALESCE(CAST(NULL AS BIGINT), 3)', 'SELECT COALESCE(2, 3)'],
  NULLIF: ['SELECT NULLIF(3, 3)', 'SELECT NULLIF(3, 4)', 'SELECT 7 / NULLIF(0, 0)'],
  GREATEST: [
    'SELECT GREATEST(1, 2)',
    'SELECT GREATEST(1, CAST(NULL AS BIGINT))',
    `SELECT GREATEST(0, ${big})`,
  ],
  LEAST: ['SELECT LEAST(1, 2)', 'SELECT LEAST(CAST(NULL AS BIGINT), 1)', 'SELECT LEAST(-1, 0)'],
  ABS: ['SELECT ABS(-3)', 'SELECT ABS(3)'],
  CAST: ["SELECT CAST('12' AS BIGINT)", 'SELECT CAST(12 AS VARCHAR)', `SELECT CAST(${big} AS VARCHAR)`],
  ROW_NUMBER: [
    'SELECT MAX(n) FROM (SELECT ROW_NUMBER() OVER (ORDER BY x DESC) AS n FROM (VALUES (5), (5)) AS t (x)) AS u',
  ],
  RANK: [
    'SELECT MAX(n) FROM (SELECT RANK() OVER (ORDER BY x) AS n FROM (VALUES (5), (5), (6)) AS t (x)) AS u',
  ],
  LAG: ['SELECT MAX(n) FROM (SELECT LAG(x) OVER (ORDER BY x) AS n FROM (VALUES (5), (6)) AS t (x)) AS u'],
  LEAD: ['SELECT MIN(n) FROM (SELECT LEAD(x) OVER (ORDER BY x) AS n FROM (VALUES (5), (6)) AS t (x)) AS u'],
  SUBSTR: ["SELECT SUBSTR('abcdef', 2, 3)", "SELECT SUBSTR('äbc', 2)", "SELECT SUBSTR('abc', 9)"],
  LENGTH: ["SELECT LENGTH('äöü')", "SELECT LENGTH('')"],
  MOD: ['SELECT MOD(7, 3)', 'SELECT MOD(-7, 3)'],
  '/': ['SELECT 7 / 2', 'SELECT -7 / 2', `SELECT ${big} / 7`, 'SELECT (2 * 1250000 + 500000) / 1000000'],
  '%': ['SELECT 7 % 3', 'SELECT -7 % 3'],
  '||': ["SELECT 'a' || 'b'", "SELECT 'a' || CAST(NULL AS VARCHAR)"],
  order: [
    "SELECT MAX(n) FROM (SELECT ROW_NUMBER() OVER (ORDER BY x) AS n, x FROM (VALUES ('a'), ('B'), ('_'), ('ä')) AS t (x)) AS u WHERE x = 'a'",
  ],
  nulls: [
    'SELECT MAX(n) FROM (SELECT ROW_NUMBER() OVER (ORDER BY x) AS n, x FROM (VALUES (1), (CAST(NULL AS BIGINT))) AS t (x)) AS u WHERE x IS NULL',
  ],
  case: ["SELECT CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END", 'SELECT CASE WHEN 1 > 2 THEN 1 END'],
};

let trino: Trino;
let duckDb: BillingEngine;
let empty: string;

beforeAll(async () => {
  empty = mkdtempSync(join(tmpdir(), 'spillway-no-archive-'));
  duckDb = await duckDbEngine(empty);
  trino = await startTrino(resolve(__dirname, '../../../.spillway'));
});

afterAll(async () => {
  duckDb.close();
  rmSync(empty, { recursive: true, force: true });
  await trino.close();
});

test('every function of the subset is compared', () => {
  expect(allowedFunctions.filter((name) => compared[name] === undefined)).toEqual([]);
});

test.each(Object.entries(compared))('%s answers alike on Trino and DuckDB', async (_name, queries) => {
  for (const sql of queries) {
    const [here, there] = await Promise.all([duckDb.query(sql), trino.query(sql)]);
    expect({ sql, rows: here.rows }).toEqual({ sql, rows: there.rows });
  }
});

test('what outgrows BIGINT is refused by both', async () => {
  const sql = `SELECT SUM(x) FROM (VALUES (${big}), (${big})) AS t (x)`;
  await expect(duckDb.query(sql)).rejects.toThrow('does not fit into BIGINT');
  await expect(trino.query(sql)).rejects.toThrow('overflow');
});
