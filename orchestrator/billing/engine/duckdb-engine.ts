import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { type Cell, DuckDb, type EngineOptions, sqlText } from '../../archive/duckdb';
import { messageOf, UserFault } from '../../user-fault';
import { hourText } from '../period';
import { type Arrival, duckDbUnnest } from '../sql/rating-sql';
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

const columnsOfUsage =
  "{'version': 'INTEGER', 'source': 'VARCHAR', 'batch': 'VARCHAR', 'part': 'BIGINT', 'second': 'BIGINT', 'first_sequence': 'VARCHAR', " +
  "'last_sequence': 'VARCHAR', 'entries': 'STRUCT(resource VARCHAR, \"key\" VARCHAR, subject VARCHAR, units BIGINT, writes BIGINT)[]', 'day': 'VARCHAR', 'hour': 'VARCHAR'}";

/** A folder with the archive's files, rated by a DuckDB in this process. */
export async function duckDbEngine(archive: string, options: EngineOptions = {}): Promise<BillingEngine> {
  const duckDb = await DuckDb.open({ memoryMegabytes: 2048, ...options });
  for (const statement of asTrino) await duckDb.run(statement);
  return {
    name: 'duckdb',
    objects: (arrival) => objectsIn(archive, arrival),
    dialect: (arrival) => ({ usage: usageOf(keysIn(archive, arrival), archive), unnest: duckDbUnnest }),
    query: (sql) => query(duckDb, sql),
    bytesCharged: () => undefined,
    close: () => {
      duckDb.close();
    },
  };
}

/** Reads exactly the given files; without any, nothing with the same columns. */
function usageOf(keys: readonly string[], archive: string): string {
  if (keys.length === 0) {
    const columns = columnsOfUsage.slice(1, -1).split(/, (?=')/);
    const nulls = columns.map((column) => {
      const [, name, type] = /^'(\w+)': '(.*)'$/.exec(column) ?? [];
      return `CAST(NULL AS ${type ?? ''}) AS ${name ?? ''}`;
    });
    return `(SELECT ${nulls.join(', ')} WHERE FALSE)`;
  }
  const files = keys.map((key) => sqlText(join(archive, key))).join(', ');
  return `read_parquet([${files}], hive_partitioning = true, hive_types = {'day': VARCHAR, 'hour': VARCHAR})`;
}

function keysIn(archive: string, { fromSecond, toSecond }: Arrival): string[] {
  const [from, to] = [hourText(fromSecond), hourText(toSecond)];
  const root = join(archive, 'usage');
  if (!existsSync(root)) {
    throw new UserFault(
      `there is no archive in ${archive}: it holds usage/day=YYYY-MM-DD/hour=HH/*.parquet. Give --archive FOLDER`,
    );
  }
  return readdirSync(root)
    .filter((day) => day.startsWith('day='))
    .flatMap((day) =>
      readdirSync(join(root, day))
        .filter((hour) => {
          const arrived = `${day.slice('day='.length)}T${hour.slice('hour='.length)}`;
          return arrived >= from && arrived < to;
        })
        .flatMap((hour) =>
          readdirSync(join(root, day, hour))
            .filter((file) => file.endsWith('.parquet'))
            .map((file) => `usage/${day}/${hour}/${file}`),
        ),
    )
    .sort();
}

async function objectsIn(archive: string, arrival: Arrival): Promise<ArchiveObject[]> {
  const objects: ArchiveObject[] = [];
  for (const key of keysIn(archive, arrival)) {
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
