/** The columns of the relations a definition reads: whole numbers and texts only. */
export const relationColumns = {
  /** Entries of the period, each once, however often its usage record was delivered. */
  entries: {
    second: 'BIGINT',
    resource: 'VARCHAR',
    key: 'VARCHAR',
    subject: 'VARCHAR',
    units: 'BIGINT',
    writes: 'BIGINT',
  },
  /** What the estimator counted in the period: its metric EstimatedWriteUnits, by resource. */
  counters: { resource: 'VARCHAR', units: 'BIGINT' },
  /** Suspensions that were in force in the period, and the requests guards refused in them. */
  suspensions: {
    subject: 'VARCHAR',
    since_second: 'BIGINT',
    until_second: 'BIGINT',
    refused_requests: 'BIGINT',
  },
} as const;

/** A cell of a relation or of a rated table. */
export type Value = bigint | string | null;

/** Rows that come with a run besides usage, in the order of the relation's columns. */
export interface GivenRelation {
  readonly name: 'counters' | 'suspensions';
  readonly rows: readonly (readonly Value[])[];
}

/** A value as a literal that Trino and DuckDB read alike. */
export function literal(value: Value, type: 'BIGINT' | 'VARCHAR'): string {
  if (value === null) return `CAST(NULL AS ${type})`;
  return typeof value === 'bigint'
    ? `CAST(${value} AS BIGINT)`
    : `CAST('${value.replaceAll("'", "''")}' AS VARCHAR)`;
}

/** Rows as a query; without rows it answers none, with the same types. */
export function rowsAsQuery(
  types: readonly ('BIGINT' | 'VARCHAR')[],
  rows: readonly (readonly Value[])[],
): string {
  const text = (row: readonly Value[]): string =>
    types.map((type, at) => literal(row[at] ?? null, type)).join(', ');
  if (rows.length === 0) return `SELECT ${text([])} WHERE FALSE`;
  return `VALUES ${rows.map((row) => `(${text(row)})`).join(', ')}`;
}
