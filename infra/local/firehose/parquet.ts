import { rm, writeFile } from 'node:fs/promises';
import { type DuckDb, sqlText } from '../../../orchestrator/archive/duckdb';
import { usageColumns, duckDbType } from '../../../orchestrator/archive/layout';

/** A row as the table's columns name its cells; what is missing is null. */
export type UsageRow = Readonly<Record<string, unknown>>;

const columns = usageColumns.map(([name, type]) => `${name}: ${sqlText(duckDbType(type))}`).join(', ');

/** Writes rows as one Parquet file with the columns of `usage`, Snappy as Firehose's default. */
export async function writeParquet(engine: DuckDb, rows: readonly UsageRow[], path: string): Promise<void> {
  const lines = `${path}.jsonl`;
  await writeFile(lines, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  try {
    await engine.run(
      `COPY (SELECT * FROM read_json(${sqlText(lines)}, format = 'newline_delimited', columns = {${columns}})) ` +
        `TO ${sqlText(path)} (FORMAT parquet, COMPRESSION snappy)`,
    );
  } finally {
    await rm(lines, { force: true });
  }
}
