import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { type Cell, DuckDb, type EngineOptions, sqlText } from '../../archive/duckdb';
import { toDuckDb } from '../../archive/duckdb-dialect';
import { duckDbColumns, hourOfKey } from '../../archive/layout';
import { messageOf, UserFault } from '../../user-fault';
import { hourText } from '../period';
import type { Arrival } from '../sql/rating-sql';
import type { Value } from '../sql/relations';
import type { ArchiveObject, BillingEngine, RatedTable } from './engine';

/**
 * What makes DuckDB answer as Trino does within the subset: whole numbers divide to whole numbers, and NULL in GREATEST
 * and LEAST gives NULL. `test/orchestrator/billing/dialect.test.ts` holds both to the same values.
 */
const asTrino = [
  'SET integer_division = true',
  "SET default_null_order = 'nulls_last'",
  'CREATE MACRO greatest(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN a >= b THEN a ELSE b END',
  'CREATE MACRO least(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN a <= b THEN a ELSE b END',
];

/** A folder with the archive's files, rated by a DuckDB in this process. */
export async function duckDbEngine(archive: string, options: EngineOptions = {}): Promise<BillingEngine> {
  const duckDb = await DuckDb.open({ memoryMegabytes: 2048, ...options });
  const keys = keysIn(archive);
  for (const statement of [...asTrino, viewOver(archive, keys)]) await duckDb.run(statement);
  return {
    name: 'duckdb',
    objects: (arrival) => objectsIn(archive, keys, arrival),
    query: (sql) => query(duckDb, toDuckDb(sql)),
    bytesCharged: () => undefined,
    close: () => {
      duckDb.close();
    },
  };
}

/** `usage` over the files that are there now, with the folders' names as texts. */
function viewOver(archive: string, keys: readonly string[]): string {
  if (keys.length === 0) return `CREATE TABLE usage (${duckDbColumns}, day VARCHAR, hour VARCHAR)`;
  const files = keys.map((key) => sqlText(join(archive, key))).join(', ');
  const hive = "hive_partitioning = true, hive_types = {'day': VARCHAR, 'hour': VARCHAR}";
  return `CREATE VIEW usage AS SELECT * FROM read_parquet([${files}], ${hive})`;
}

function keysIn(archive: string): string[] {
  if (!existsSync(archive)) {
    throw new UserFault(
      `there is no archive in ${archive}: it holds usage/day=YYYY-MM-DD/hour=HH/*.parquet. Give --archive FOLDER`,
    );
  }
  const names = readdirSync(archive, { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => name.split(sep).join('/'))
    .filter((key) => hourOfKey(key) !== undefined)
    .sort();
}

function arrivedIn({ fromSecond, toSecond }: Arrival, key: string): boolean {
  const hour = hourOfKey(key);
  const arrived = `${hour?.day ?? ''}T${hour?.hour ?? ''}`;
  return arrived >= hourText(fromSecond) && arrived < hourText(toSecond);
}

async function objectsIn(
  archive: string,
  keys: readonly string[],
  arrival: Arrival,
): Promise<ArchiveObject[]> {
  const objects: ArchiveObject[] = [];
  for (const key of keys.filter((one) => arrivedIn(arrival, one))) {
    const file = join(archive, key);
    const hash = createHash('md5');
    await pipeline(createReadStream(file), hash);
    objects.push({ key, bytes: statSync(file).size, etag: hash.digest('hex') });
  }
  return objects;
}

const anyRow = z.record(z.string(), z.custom<Cell>());

async function query(duckDb: DuckDb, sql: string): Promise<RatedTable> {
  let columns: string[] = [];
  const rows: Value[][] = [];
  try {
    for await (const batch of duckDb.batches(sql, anyRow)) {
      for (const row of batch) {
        columns = Object.keys(row);
        rows.push(Object.values(row).map(valueOf));
      }
    }
    if (rows.length === 0) columns = await columnsOf(duckDb, sql);
  } catch (cause) {
    throw new UserFault(`DuckDB refuses the query: ${messageOf(cause).split('\n')[0] ?? ''}`, { cause });
  }
  return { columns, rows };
}

/** Of a query without rows, which tells no names. */
async function columnsOf(duckDb: DuckDb, sql: string): Promise<string[]> {
  const described = await duckDb.query(`DESCRIBE ${sql}`, z.object({ column_name: z.string() }));
  return described.map(({ column_name }) => column_name);
}

const LARGEST = 2n ** 63n - 1n;

function valueOf(cell: Cell): Value {
  if (cell === null || typeof cell === 'string') return cell;
  const whole = typeof cell === 'number' && Number.isInteger(cell) ? BigInt(cell) : cell;
  if (typeof whole !== 'bigint')
    throw new RangeError(`a column is ${typeof cell}, but columns are whole numbers or texts`);
  // SUM has room for more here than Athena's has, which would fail.
  if (whole > LARGEST || whole < -LARGEST - 1n) throw new RangeError(`${whole} does not fit into BIGINT`);
  return whole;
}
