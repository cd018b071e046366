/**
 * A query of Athena's as DuckDB reads it. The definitions keep to what both read alike; the one thing that both have and
 * spell differently is an array as rows: in Athena the fields of its rows become columns, in DuckDB a row stays one value.
 * `entry.units` means the same in both.
 */
export function toDuckDb(sql: string): string {
  return sql.replace(
    /\bCROSS JOIN UNNEST\(([\w.]+)\) AS (\w+) \([^)]*\)/g,
    'CROSS JOIN UNNEST($1) AS row_of_$2 ($2)',
  );
}
