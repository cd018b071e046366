import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchFlink } from './bench-flink';
import { startMemoryStream } from './memory-stream';
import { progress, until } from './until';

const SHARDS = 2;
const RECORDS_PER_READ = 1_000;
/** Prepared once and read again and again: usage records of a batch with a few keys, about 1 KB each. */
const DISTINCT = 10_000;
const FEW = 20_000;
const MANY = 220_000;
const ROUNDS = 3;
/** What `getconf CLK_TCK` says on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

const COLUMNS = `version INT, \`source\` STRING, batch STRING, part INT, \`second\` BIGINT,
  entries ARRAY<ROW<resource STRING, \`key\` STRING, subject STRING, units BIGINT, writes BIGINT>>`;

export interface Throughput {
  /** Records per CPU-second from the stream, as a share of those from files, over all rounds together. */
  readonly ratio: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What so many records more cost the TaskManager. */
interface Round {
  readonly filesCpuSeconds: number;
  readonly streamCpuSeconds: number;
}

/**
 * CPU of the TaskManager's process for the same JSON from a stream and from files, into a table that throws it away.
 * Each figure is the difference of a long and a short job, so that starting a job does not count. The stream's server
 * lives in the bench's process.
 */
export async function throughput(flink: BenchFlink): Promise<Throughput> {
  const texts = Array.from({ length: DISTINCT }, (_, i) => usageRecord(i));
  const stream = await startMemoryStream(texts, SHARDS, RECORDS_PER_READ);
  const few = writeFile(flink, texts, FEW);
  const many = writeFile(flink, texts, MANY);
  const cpuOf = async (work: () => Promise<void>): Promise<number> => {
    const before = cpuSeconds(flink.cluster.taskManagerId());
    await work();
    return cpuSeconds(flink.cluster.taskManagerId()) - before;
  };
  const fromFiles = (path: string) => async (): Promise<void> => {
    const job = await flink.start({
      parallelism: 1,
      statements: statements(`'connector' = 'filesystem', 'path' = 'file://${path}', 'format' = 'json'`),
    });
    await until('the files are read', async () => (await flink.rest.jobState(job)) === 'FINISHED');
  };
  const fromStream = (records: number) => async (): Promise<void> => {
    const { workedOff } = stream.serve(records);
    const job = await flink.start({
      parallelism: 1,
      statements:
        statements(`'connector' = 'kinesis', 'format' = 'json', 'aws.endpoint' = '${stream.endpoint}',
        'stream.arn' = 'arn:aws:kinesis:us-east-1:000000000000:stream/memory',
        'source.init.position' = 'TRIM_HORIZON', 'source.reader.empty-records-fetch-interval' = '1 ms'`),
    });
    await workedOff;
    await flink.cancel(job);
  };

  try {
    // The first jobs of a JVM are compiled while they run.
    await cpuOf(fromFiles(many));
    await cpuOf(fromStream(MANY));
    const rounds: Round[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const files = -(await cpuOf(fromFiles(few))) + (await cpuOf(fromFiles(many)));
      const kinesis = -(await cpuOf(fromStream(FEW))) + (await cpuOf(fromStream(MANY)));
      rounds.push({ filesCpuSeconds: files, streamCpuSeconds: kinesis });
      progress(
        `throughput, round ${round}: ${files.toFixed(2)} s from files, ${kinesis.toFixed(2)} s from the stream`,
      );
    }
    // A round alone is shorter than what the rest of a busy machine does to it.
    const files = rounds.reduce((sum, round) => sum + round.filesCpuSeconds, 0);
    const kinesis = rounds.reduce((sum, round) => sum + round.streamCpuSeconds, 0);
    const records = ROUNDS * (MANY - FEW);
    return {
      ratio: files / kinesis,
      details: {
        recordBytes: texts[0]?.length,
        shards: SHARDS,
        recordsPerRead: RECORDS_PER_READ,
        filesRecordsPerCpuSecond: Math.round(records / files),
        streamRecordsPerCpuSecond: Math.round(records / kinesis),
        rounds,
      },
    };
  } finally {
    await stream.close();
  }
}

function statements(options: string): string[] {
  return [
    `CREATE TABLE records (${COLUMNS}) WITH (${options})`,
    `CREATE TABLE nowhere (${COLUMNS}) WITH ('connector' = 'blackhole')`,
    'INSERT INTO nowhere SELECT * FROM records',
  ];
}

/** User and system time of a process and all its threads, dead ones included (proc(5), stat). */
function cpuSeconds(processId: number): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function writeFile(flink: BenchFlink, texts: readonly string[], records: number): string {
  const path = join(flink.folder, `${records}.json`);
  const lines = Array.from({ length: records }, (_, i) => `${texts[i % texts.length] ?? ''}\n`);
  writeFileSync(path, lines.join(''));
  return path;
}

function usageRecord(i: number): string {
  return JSON.stringify({
    version: 1,
    source: 'arn:aws:dynamodb:us-east-1:000000000000:table/users/stream/2026-01-01T00:00:00.000',
    batch: i.toString(16).padStart(32, '0'),
    part: 0,
    second: 1_790_000_000 + Math.floor(i / 100),
    entries: Array.from({ length: 8 }, (_, j) => ({
      resource: 'users',
      key: `S:app_${(i + j) % 500}`,
      subject: `app_${(i + j) % 500}`,
      units: 1 + ((i * 7 + j) % 40),
      writes: 1 + (j % 3),
    })),
  });
}
