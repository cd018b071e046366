import { setTimeout as pause } from 'node:timers/promises';
import { CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { DescribeStreamSummaryCommand, type KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { destroyClients, localClients } from '../../infra/local/clients';
import { startLocalSystem } from '../../infra/local/system';
import { atMost, type BenchResult } from './bench';
import { startOnFlink } from './flink-bench';

const delays = [1, 5] as const;
const detections = ['reference', 'function'] as const;
const limit = 1_000;
const crossings = 60;
const arns = 'arn:aws:kinesis:us-east-1:000000000000:stream/';
const streams = delays.flatMap((delay) => detections.map((detection) => `${detection}_${delay}`));

/** For each stream of excesses, when the first excess of each subject was read, in epoch milliseconds. */
type Read = Map<string, Map<string, number>>;

/**
 * From the moment at which the write that passes the limit is in the usage stream to the moment at which a reader has
 * the excess, over a local Kinesis, with both detections at both delays at the same time and usage ten times a second.
 */
export async function bench(): Promise<BenchResult> {
  const system = await startLocalSystem({ flink: false });
  const clients = localClients(system.environment);
  try {
    await createStreams(clients.kinesis, ['usage', ...streams]);
    let running = false;
    const jobs = startOnFlink(
      'Latency',
      [arns, String(limit), ...delays.map(String)],
      () => (running = true),
      {
        timeoutMs: 500_000,
        environment: system.environment,
      },
    );
    try {
      const measuring = measure(clients.kinesis, () => running);
      // A job that fails ends the bench at once.
      const written = await Promise.race([
        measuring,
        jobs.ended.then(() => Promise.reject(new Error('the jobs ended'))),
      ]);
      return result(written.written, written.read);
    } finally {
      jobs.stop();
      await jobs.ended.catch(() => undefined);
    }
  } finally {
    destroyClients(clients);
    await system.stop();
  }
}

async function createStreams(kinesis: KinesisClient, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    for (let round = 0; ; round++) {
      const { StreamDescriptionSummary: summary } = await kinesis.send(
        new DescribeStreamSummaryCommand({ StreamName: name }),
      );
      if (summary?.StreamStatus === 'ACTIVE') break;
      if (round === 100) throw new Error(`the stream ${name} is not active after 10 s`);
      await pause(100);
    }
  }
}

async function measure(
  kinesis: KinesisClient,
  isRunning: () => boolean,
): Promise<{ written: Map<string, number>; read: Read }> {
  const read: Read = new Map(streams.map((stream) => [stream, new Map<string, number>()]));
  const written = new Map<string, number>();
  const stop = new AbortController();
  const readers = streams.map((stream) => readExcesses(kinesis, stream, read, stop.signal));
  const has = (subject: string): boolean => streams.every((stream) => read.get(stream)?.has(subject));
  let batch = 0;
  const write = async (subject: string, units: number): Promise<void> => {
    const entry = { resource: 'users', key: `S:${subject}`, subject, units, writes: 1 };
    const second = Math.floor(Date.now() / 1_000);
    const record = { version: 1, source: 'users', batch: String(batch++), part: 0, second, entries: [entry] };
    await kinesis.send(
      new PutRecordCommand({
        StreamName: 'usage',
        PartitionKey: subject,
        Data: Buffer.from(JSON.stringify(record)),
      }),
    );
  };
  const startedMs = Date.now();
  // A first one that is not measured: when all four have stated it, everything runs warm.
  for (
    let beat = 0, crossing = 0, warm = false;
    crossing < crossings || ![...written.keys()].every(has);
    beat++
  ) {
    if (Date.now() - startedMs > 400_000) throw new Error('not every crossing was stated within 400 s');
    await write('steady', 1);
    if (isRunning() && !warm && beat % 10 === 0) {
      await write('warm', limit + 1);
      warm = has('warm');
      if (warm) process.stderr.write('detection-latency: all detections run\n');
    } else if (warm && crossing < crossings && beat % 7 === 0) {
      const subject = `subject_${crossing++}`;
      await write(subject, limit + 1);
      written.set(subject, Date.now());
    }
    await pause(100);
  }
  stop.abort();
  await Promise.all(readers);
  return { written, read };
}

async function readExcesses(
  kinesis: KinesisClient,
  stream: string,
  read: Read,
  signal: AbortSignal,
): Promise<void> {
  const start = await kinesis.send(
    new GetShardIteratorCommand({
      StreamName: stream,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  let iterator = start.ShardIterator;
  while (!signal.aborted && iterator !== undefined) {
    const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
    iterator = answer.NextShardIterator;
    for (const { Data } of answer.Records ?? []) {
      const { subject } = JSON.parse(Buffer.from(Data ?? []).toString()) as { subject: string };
      const known = read.get(stream);
      if (known !== undefined && !known.has(subject)) known.set(subject, Date.now());
    }
    // Five reads a second are allowed.
    await pause(210);
  }
}

function result(written: ReadonlyMap<string, number>, read: Read): BenchResult {
  const measured = streams.map((stream) => {
    const seconds = [...written]
      .map(([subject, writtenMs]) => ((read.get(stream)?.get(subject) ?? NaN) - writtenMs) / 1_000)
      .sort((a, b) => a - b);
    const at = (share: number): number => seconds[Math.ceil(share * seconds.length) - 1] ?? NaN;
    return { stream, crossings: seconds.length, medianSeconds: at(0.5), p99Seconds: at(0.99) };
  });
  return {
    bench: 'detection-latency',
    aims: measured.map(({ stream, p99Seconds }) => {
      const [detection, delay] = stream.split('_');
      const bound = detection === 'function' ? 2.5 : Number(delay) + 2;
      return atMost(`${detection}, delay ${delay} s, 99 of 100`, bound, p99Seconds, 's');
    }),
    details: { readEveryMs: 210, measured },
  };
}
