import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { BenchFlink } from './bench-flink';
import { BenchStream } from './stream';
import { progress, until } from './until';

/** How far one shard's events are ahead of the other's. */
const SKEW_SECONDS = 50;
const SECONDS = 100;
const BURST_SECONDS = 30;
const UNITS_PER_SECOND = 10;
/** A burst passes it with its last second. */
const LIMIT = BURST_SECONDS * UNITS_PER_SECOND - 1;

export interface SkewedShards {
  readonly expected: number;
  /** Of the expected ones, with the right total. */
  readonly found: number;
  readonly unexpected: number;
}

/**
 * Two shards on one subtask, one of which lies 50 s of event time behind the other, two bursts in each. The faster one
 * is read to its end before the slower one's first record.
 */
export async function skewedShards(flink: BenchFlink, client: KinesisClient): Promise<SkewedShards> {
  const input = await new BenchStream(client, 'skewed').create(2);
  const output = await new BenchStream(client, 'skewed-excesses').create(1);
  const begin = Math.floor(Date.now() / 1_000) - 600;
  const ahead = events(['ahead-1', 'ahead-2'], begin + SKEW_SECONDS);
  const behind = events(['behind-1', 'behind-2'], begin);
  await input.put([
    ...ahead.map((text) => ({ text, share: 0.25 })),
    ...behind.map((text) => ({ text, share: 0.75 })),
  ]);

  const job = await flink.start({
    parallelism: 1,
    statements: [
      `CREATE TABLE events (app STRING, \`second\` BIGINT, units BIGINT, rowtime AS TO_TIMESTAMP_LTZ(\`second\`, 0),
        WATERMARK FOR rowtime AS rowtime - INTERVAL '5' SECOND) WITH ('connector' = 'kinesis', 'format' = 'json',
        'stream.arn' = '${input.arn}', 'source.init.position' = 'TRIM_HORIZON', 'source.silence' = '2 s')`,
      `CREATE TABLE excesses (app STRING, units BIGINT) WITH ('connector' = 'kinesis', 'format' = 'json',
        'stream.arn' = '${output.arn}')`,
      `CREATE TEMPORARY VIEW seconds AS
        SELECT app, window_time AS ended, SUM(units) AS units
        FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(rowtime), INTERVAL '1' SECOND))
        GROUP BY app, window_start, window_end, window_time`,
      // The last event of each shard comes out whatever its units, and tells that all before it has been judged.
      `INSERT INTO excesses SELECT app, total FROM (
        SELECT app, SUM(units) OVER (PARTITION BY app ORDER BY ended
          RANGE BETWEEN INTERVAL '01:59' MINUTE TO SECOND PRECEDING AND CURRENT ROW) AS total FROM seconds)
        WHERE total > ${LIMIT} OR app LIKE 'end-%'`,
    ],
  });
  const rows: { app: string; units: number }[] = [];
  await until('the newest event of both shards has been judged', async () => {
    rows.push(...(await output.readOn()).map((text) => JSON.parse(text) as { app: string; units: number }));
    return rows.some(({ app }) => app === 'end-ahead-1');
  });
  await flink.cancel(job);

  const excesses = rows.filter(({ app }) => !app.startsWith('end-'));
  const bursts = ['ahead-1', 'ahead-2', 'behind-1', 'behind-2'];
  const found = bursts.filter((burst) =>
    excesses.some(({ app, units }) => app === burst && units === BURST_SECONDS * UNITS_PER_SECOND),
  ).length;
  progress(`skewed shards: ${found} of ${bursts.length} excesses`);
  return { expected: bursts.length, found, unexpected: excesses.length - found };
}

/** Two bursts, the second ten seconds after the first, among a little traffic of others; in order of time. */
function events(bursts: readonly string[], begin: number): string[] {
  const texts: string[] = [];
  const put = (app: string, second: number, units: number): void => {
    texts.push(JSON.stringify({ app, second, units }));
  };
  for (let second = 0; second < SECONDS; second += 1) {
    put('others', begin + second, 1);
    bursts.forEach((app, i) => {
      if (second >= 10 * i && second < 10 * i + BURST_SECONDS) put(app, begin + second, UNITS_PER_SECOND);
    });
  }
  put(`end-${bursts[0] ?? ''}`, begin + SECONDS, 1);
  return texts;
}
