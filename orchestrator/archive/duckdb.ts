import {
  DuckDBInstance,
  DuckDBListValue,
  DuckDBStructValue,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { z } from 'zod';

/** What a cell becomes: text for what JavaScript has no exact type for (decimals, dates, timestamps). */
export type Cell = null | boolean | number | bigint | string | Cell[] | { [field: string]: Cell };

/** What a `$name` in a statement may be given. */
export type SqlValue = null | boolean | number | bigint | string;

export interface EngineOptions {
  /** @default 2 */
  threads?: number;
  /** What it may hold before it spills to `spillFolder`, or fails where there is none. @default 1024 */
  memoryMegabytes?: number;
  /** Where sorts and joins larger than the memory go; nothing is written without it. */
  spillFolder?: string;
}

/**
 * One DuckDB in memory. It is told to keep within its threads and memory, and to install nothing: what it reads are
 * files of this machine.
 */
export class DuckDb {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  static async open(options: EngineOptions = {}): Promise<DuckDb> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads ?? 2),
      memory_limit: `${options.memoryMegabytes ?? 1024}MB`,
      temp_directory: options.spillFolder ?? '',
      autoinstall_known_extensions: 'false',
    });
    return new DuckDb(instance, await instance.connect());
  }

  /** Statements whose rows nobody wants. */
  async run(sql: string, values: Record<string, SqlValue> = {}): Promise<void> {
    await this.connection.run(sql, values);
  }

  /** All rows, each as `row` says it is. Whole numbers beyond 2^53 stay `bigint`, so `z.number()` refuses them. */
  async query<T>(sql: string, row: z.ZodType<T>, values: Record<string, SqlValue> = {}): Promise<T[]> {
    const rows: T[] = [];
    for await (const batch of this.batches(sql, row, values)) for (const each of batch) rows.push(each);
    return rows;
  }

  /** The rows in the statement's order, some thousand at a time and without holding the rest. */
  async *batches<T>(
    sql: string,
    row: z.ZodType<T>,
    values: Record<string, SqlValue> = {},
  ): AsyncGenerator<T[], void, undefined> {
    const result = await this.connection.stream(sql, values);
    const names = result.deduplicatedColumnNames();
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk
        .getRows()
        .map((cells) =>
          row.parse(Object.fromEntries(names.map((name, at) => [name, toCell(cells[at] ?? null)]))),
        );
    }
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

function toCell(value: DuckDBValue): Cell {
  if (value === null) return null;
  if (typeof value === 'bigint') return narrowed(value);
  if (value instanceof DuckDBListValue) return value.items.map(toCell);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, field]) => [name, toCell(field)]));
  }
  return typeof value === 'object' ? String(value) : value;
}

/** BIGINT and HUGEINT, which is what SUM of BIGINT is: a number where that is exact. */
function narrowed(value: bigint): number | bigint {
  const exact = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
  return exact ? Number(value) : value;
}

/** A text as a literal of SQL, for what takes no `$name`: the file names of a COPY or a view. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
