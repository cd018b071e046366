import { type MonthSize, monthSeconds, shards } from './month-size';

/** A whole number below 2^31 from another one and the seed: enough chance for usage, and easy to compute elsewhere. */
function mixed(seed: number, expression: string): string {
  const once = `((${expression}) % 2147483647 * 1103515245 + ${(seed * 7919 + 12345) % 2147483647}) % 2147483647`;
  return `((${once}) // 7 * 69621 + 11) % 2147483647`;
}

/**
 * Batches from one number to another as they were, each a usage record, before anything is delivered twice or read again.
 * Batch `b` is of shard `b % 6`; two batches of a shard in a row share their second, as where a batch is full.
 */
export function batchesSql(seed: number, size: MonthSize, from: number, until: number): string {
  const { fromSecond, untilSecond } = monthSeconds(size.month);
  const rounds = Math.ceil(size.batches / shards);
  const stride = 7;
  return `
    SELECT b, shard, source, md5('${seed}/' || b::VARCHAR) AS batch, second, first_number, first_number + 999 AS last_number,
      list_transform(range(${size.entriesPerBatch}), lambda k: {
        'resource': CASE WHEN k % 4 = 3 THEN source || '/by_kind' ELSE source END,
        'key': CASE WHEN k % 4 = 3 THEN 'N:' || ((start + k * ${stride}) % 97)::VARCHAR
               ELSE 'S:app_' || ((start + k * ${stride}) % ${size.subjects})::VARCHAR || '/' || shard::VARCHAR END,
        'subject': 'app_' || ((start + k * ${stride}) % ${size.subjects})::VARCHAR,
        'writes': (CASE WHEN (start + k * ${stride}) % ${size.subjects} % 50 = 0 THEN 150 ELSE 1 END
               + ${mixed(seed, 'b * 31 + k')} % 18)::BIGINT,
        'size': 1 + ${mixed(seed, 'b * 17 + k * 3')} % 4
      }) AS drawn
    FROM (
      SELECT b, b % ${shards} AS shard, CASE WHEN b % ${shards} < 4 THEN 'documents' ELSE 'orders' END AS source,
        ${fromSecond} + (b // ${shards} - b // ${shards} % 2) * ${untilSecond - fromSecond} // ${rounds} AS second,
        1000000000 + b // ${shards} * 1000 + b % ${shards} * 100 AS first_number,
        ${mixed(seed, 'b')} % ${size.subjects} AS start
      FROM (SELECT UNNEST(range(${from}, ${until})) AS b)
    )`;
}

/** Parts of `drawn` as entries; `writes` says how many of an entry's changes are meant. */
function entriesOf(writes: string): string {
  return `list_transform(drawn, lambda d: {'resource': d.resource, 'key': d.key, 'subject': d.subject,
    'units': (${writes} * d.size)::BIGINT, 'writes': (${writes})::BIGINT})`;
}

/** Each batch's record as the archive has it: `arrived` is a second, `at` says which delivery it is. */
function record(what: {
  readonly batch?: string;
  readonly first?: string;
  readonly last?: string;
  readonly writes?: string;
  readonly lateSeconds: string;
  readonly where: string;
}): string {
  return `
    SELECT 1 AS version, source, ${what.batch ?? 'batch'} AS batch, 0::BIGINT AS part, second,
      (${what.first ?? 'first_number'})::VARCHAR AS first_sequence, (${what.last ?? 'last_number'})::VARCHAR AS last_sequence,
      list_filter(${entriesOf(what.writes ?? 'd.writes')}, lambda e: e.writes > 0) AS entries,
      second + ${what.lateSeconds} AS arrived
    FROM batches WHERE ${what.where}`;
}

/** Which batches meet what: each kind is told apart by a prime, so that they meet each other too. */
export const kinds = {
  /** One in 211 arrives up to 40 hours late, and only then. */
  late: 'b % 211 = 5',
  /** One in 97 is delivered twice into one hour. */
  twice: 'b % 97 = 3',
  /** One in 311 comes again up to a day later. */
  againLater: 'b % 311 = 7',
  /** One in 1999 is read again as two batches of other borders. */
  split: 'b % 1999 = 11',
  /** One in 2503 is read again in a batch of the same beginning that reaches further. */
  longer: 'b % 2503 = 13',
} as const;

/** What arrives of the table `batches`. */
export function deliveriesSql(): string {
  const lateSeconds = 'b % 40 * 3600 + 3600';
  const lateness = `CASE WHEN ${kinds.late} THEN ${lateSeconds} ELSE 2 END`;
  const half = 'd.writes // 2';
  return [
    record({ lateSeconds: lateness, where: 'TRUE' }),
    record({ lateSeconds: lateness, where: kinds.twice }),
    record({ lateSeconds: `${lateness} + b % 23 * 3600 + 3600`, where: kinds.againLater }),
    record({
      batch: "md5(batch || 'first half')",
      last: 'first_number + 499',
      writes: half,
      lateSeconds: '300',
      where: kinds.split,
    }),
    record({
      batch: "md5(batch || 'second half')",
      first: 'first_number + 500',
      writes: `d.writes - ${half}`,
      lateSeconds: '300',
      where: kinds.split,
    }),
    record({ last: 'last_number - 1', lateSeconds: '600', where: kinds.longer }),
  ].join('\nUNION ALL\n');
}
