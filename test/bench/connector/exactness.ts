import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { BenchFlink } from './bench-flink';
import { randomNumbers } from './random';
import { startRefusingFront } from './refusing-front';
import { BenchStream } from './stream';
import { holdsWithin, progress, until } from './until';

const SEED = 20_260_101;
const RECORDS_PER_TICK = 8;
const TICK_MS = 100;
/** For which a number may be on its way. */
const PATIENCE_MS = 90_000;

export interface Exactness {
  readonly records: number;
  /** Records that the state does not know at the end. */
  readonly lost: number;
  /** Records that the state counts more than once at the end. */
  readonly duplicated: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Numbers go through a job that keeps a count per number in its state, while shards are split and merged, a front
 * refuses calls, the TaskManager is killed, and the job is stopped and restored at another parallelism. At the end
 * each number is put once more: the count that comes out is then what the state had for it, and one.
 */
export async function exactness(flink: BenchFlink, client: KinesisClient): Promise<Exactness> {
  const random = randomNumbers(SEED);
  const input = await new BenchStream(client, 'numbers').create(3);
  const output = await new BenchStream(client, 'counts').create(1);
  const front = await startRefusingFront(flink.environment['AWS_ENDPOINT_URL_KINESIS'] ?? '', SEED);
  const through = `'connector' = 'kinesis', 'aws.endpoint' = '${front.endpoint}', 'format' = 'json'`;
  const statements = [
    `CREATE TABLE numbers (n BIGINT, probe BOOLEAN, proc AS PROCTIME()) WITH (${through},
      'stream.arn' = '${input.arn}', 'source.init.position' = 'TRIM_HORIZON',
      'source.shard.discovery.interval' = '1 s', 'source.reader.empty-records-fetch-interval' = '250 ms')`,
    `CREATE TABLE counts (n BIGINT, probe BOOLEAN, seen BIGINT) WITH (${through}, 'stream.arn' = '${output.arn}')`,
    `INSERT INTO counts SELECT n, probe, COUNT(*) OVER (PARTITION BY n ORDER BY proc) FROM numbers`,
  ];

  const counts = new Counts(output);
  let put = 0;
  let putting = true;
  const feed = async (): Promise<void> => {
    while (putting) {
      const nextAt = Date.now() + TICK_MS;
      const tick = Array.from({ length: RECORDS_PER_TICK }, (_, i) => ({
        text: JSON.stringify({ n: put + i, probe: false }),
        share: random(),
      }));
      await input.put(tick);
      put += RECORDS_PER_TICK;
      await until('the next tick', () => Date.now() >= nextAt);
    }
  };
  /** Waits until everything that is in the stream now has come out. What never does is counted at the end. */
  const caughtUp = async (what: string): Promise<void> => {
    const before = put;
    const all = await holdsWithin(PATIENCE_MS, async () => {
      await counts.readOn();
      return counts.seenBelow(before);
    });
    progress(`${what}: ${all ? 'all' : 'not all'} of ${before} numbers have come out`);
  };

  try {
    const choices = randomNumbers(SEED + 1);
    let job = await flink.start({ statements, parallelism: 2 });
    const feeding = feed();
    await caughtUp('start at parallelism 2');
    await input.split(choices());
    await caughtUp('a split');
    await input.merge(choices());
    await input.split(choices());
    await caughtUp('a merge and a split');

    const killed = flink.cluster.replaceTaskManager();
    await input.split(choices());
    await killed;
    await caughtUp('kill -9 of the TaskManager, with a split meanwhile');

    const savepoint = await flink.stopWithSavepoint(job);
    await input.merge(choices());
    await input.split(choices());
    job = await flink.start({ statements, parallelism: 3, savepoint });
    await caughtUp('a restore at parallelism 3, with a merge and a split meanwhile');
    await input.merge(choices());
    await input.merge(choices());
    await caughtUp('two merges');
    putting = false;
    await feeding;
    await caughtUp('the last number');

    front.relent();
    const numbers = Array.from({ length: put }, (_, n) => n);
    await input.put(numbers.map((n) => ({ text: JSON.stringify({ n, probe: true }), share: random() })));
    await holdsWithin(PATIENCE_MS, async () => {
      await counts.readOn();
      return counts.probed.size === put;
    });
    await flink.cancel(job);
    return {
      records: put,
      lost: numbers.filter((n) => (counts.probed.get(n) ?? 1) < 2).length,
      duplicated: numbers.filter((n) => (counts.probed.get(n) ?? 1) > 2).length,
      details: {
        seed: SEED,
        shards: 'begun with 3; 4 splits, 4 merges',
        taskManagerKilled: 1,
        parallelism: '2, restored at 3',
        callsRefused: front.refused,
        rowsWrittenAgain: counts.rows - counts.distinctRows(),
      },
    };
  } finally {
    putting = false;
    await front.close();
  }
}

/** What has come out so far. */
class Counts {
  /** The count that came out when a number was put for the second time. */
  readonly probed = new Map<number, number>();
  rows = 0;
  private readonly seen = new Set<number>();
  private lowestMissing = 0;

  constructor(private readonly stream: BenchStream) {}

  async readOn(): Promise<void> {
    for (const text of await this.stream.readOn()) {
      const { n, probe, seen } = JSON.parse(text) as { n: number; probe: boolean; seen: number };
      this.rows += 1;
      if (probe) this.probed.set(n, Math.max(seen, this.probed.get(n) ?? 0));
      else this.seen.add(n);
    }
    while (this.seen.has(this.lowestMissing)) this.lowestMissing += 1;
  }

  seenBelow(n: number): boolean {
    return this.lowestMissing >= n;
  }

  distinctRows(): number {
    return this.seen.size + this.probed.size;
  }
}
