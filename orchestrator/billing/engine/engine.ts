import type { Arrival } from '../sql/rating-sql';
import type { Value } from '../sql/relations';

/** What a query answered: columns in the query's order, rows in its order. */
export interface RatedTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** One object of the archive. */
export interface ArchiveObject {
  /** Inside the archive: `usage/day=2026-10-01/hour=00/….parquet`. */
  readonly key: string;
  readonly bytes: number;
  /** Changes where the content does. */
  readonly etag: string;
}

/** What rates the archive: DuckDB over files, or Athena. */
export interface BillingEngine {
  readonly name: 'duckdb' | 'trino' | 'athena';
  /** The objects of the hours, in the order of their keys. */
  objects(arrival: Arrival): Promise<ArchiveObject[]>;
  /**
   * Asks in Athena's SQL, over the archive's table `usage`. Throws a UserFault where the engine refuses the query, or it
   * would read more than it may.
   */
  query(sql: string): Promise<RatedTable>;
  /** Bytes that the queries so far were charged for; undefined where reading is free. */
  bytesCharged(): number | undefined;
  close(): void;
}
