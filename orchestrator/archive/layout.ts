/** Where Firehose puts usage records in the archive's bucket, and what a row holds (docs/archive.md). */
export const usagePrefix = 'usage/';

/** Where it puts records that it could not convert. */
export const errorPrefix = 'errors/';

/** The columns of the table `usage`, in their order. Types are Glue's, in lower case. */
export const usageColumns = [
  ['version', 'int'],
  ['source', 'string'],
  ['batch', 'string'],
  ['part', 'bigint'],
  ['second', 'bigint'],
  ['first_sequence', 'string'],
  ['last_sequence', 'string'],
  ['entries', 'array<struct<resource:string,key:string,subject:string,units:bigint,writes:bigint>>'],
] as const;

/** The JSON fields of a usage record whose columns are named otherwise. */
export const jsonFields: Readonly<Record<string, string>> = {
  first_sequence: 'firstSequence',
  last_sequence: 'lastSequence',
};

/** An hour of arrival, UTC, as the names of its folders say it. */
export interface ArchivedHour {
  /** `2026-10-01` */
  readonly day: string;
  /** `00` to `23` */
  readonly hour: string;
}

/** The hour that an epoch second lies in. */
export function hourOf(second: number): ArchivedHour {
  const text = new Date(second * 1_000).toISOString();
  return { day: text.slice(0, 10), hour: text.slice(11, 13) };
}

/** `usage/day=2026-10-01/hour=00/` */
export function hourPrefix({ day, hour }: ArchivedHour): string {
  return `${usagePrefix}day=${day}/hour=${hour}/`;
}

/** The hour of a Parquet object by its key; undefined for what is none. */
export function hourOfKey(key: string): ArchivedHour | undefined {
  const found = /^usage\/day=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\/[^/]+\.parquet$/.exec(key);
  const [, day, hour] = found ?? [];
  return day === undefined || hour === undefined ? undefined : { day, hour };
}

/** The columns as DuckDB declares them, without the partition's `day` and `hour`. */
export const duckDbColumns = usageColumns.map(([name, type]) => `${name} ${duckDbType(type)}`).join(', ');

/** A type of Glue as DuckDB calls it. */
export function duckDbType(type: string): string {
  const inner = /^array<struct<(.*)>>$/.exec(type)?.[1];
  if (inner === undefined) return type === 'string' ? 'VARCHAR' : type.toUpperCase();
  const fields = inner.split(',').map((field) => {
    const [name = '', of = ''] = field.split(':');
    return `${name} ${duckDbType(of)}`;
  });
  return `STRUCT(${fields.join(', ')})[]`;
}
