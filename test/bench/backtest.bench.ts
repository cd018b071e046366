import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Excess } from '../../lambdas/contracts/excess';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import { heatOracle, type OracleExcess } from '../oracle/heat-oracle';
import { seededUsage } from '../oracle/seeded-usage';
import { archiveOf } from '../orchestrator/backtest/tenants';
import { runSpillway } from '../orchestrator/run-spillway';
import { type BenchResult, exactly } from './bench';

/** 2026-10-01T12:00:00Z */
const from = 1_790_856_000;
const seconds = 7_200;
/** The trace is there so many times side by side, each time of other keys and subjects. */
const copies = Number(process.env['SPILLWAY_BENCH_COPIES'] ?? 20);
const question = { windowSeconds: 120, limit: 600, limits: { orders: 400 } };

/**
 * A backtest of `partition-heat` over an archive in a folder: what it states beside brute force, and how many entries it
 * takes for a CPU-second, reading the archive, the JVM's start and the report included.
 */
export async function bench(): Promise<BenchResult> {
  const trace = seededUsage({
    ...{ seed: 7, from, seconds, keys: 40, resources: ['users', 'orders'] },
    ...{ disorderSeconds: 3, duplicates: 0.05 },
  });
  process.stderr.write('backtest: brute force\n');
  const truth = heatOracle(trace, question);
  const expected = Array.from({ length: copies }, (_, copy) => truth.map((one) => renamed(one, copy))).flat();
  const records = trace.flatMap((record) =>
    Array.from({ length: copies }, (_, copy) => copyOf(record, copy)),
  );
  const entries = records.reduce((sum, record) => sum + record.entries.length, 0);
  const archive = await archiveOf(records);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  process.stderr.write(`backtest: ${entries} entries\n`);
  try {
    const file = join(folder, 'excesses.jsonl');
    const before = process.cpuUsage();
    const startedMs = performance.now();
    const { exitCode, stdout, stderr } = await runSpillway([
      ...['backtest', 'throttle', '--json', '--archive', archive, '--excesses', file],
      ...['--since', '2026-10-01T12:00:00Z', '--until', '2026-10-01T14:00:00Z'],
      ...['--detection', 'partition-heat', '--against', `limit=${question.limit}`],
      ...['--against', `limits=${JSON.stringify(question.limits)}`],
    ]);
    const tookSeconds = (performance.now() - startedMs) / 1_000;
    if (exitCode !== 0) throw new Error(stderr);
    const used = process.cpuUsage(before);
    const { cpuSeconds } = JSON.parse(stdout) as { cpuSeconds: number };
    const ownSeconds = (used.user + used.system) / 1e6;
    const stated = new Set(
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => textOf(JSON.parse(line) as Excess)),
    );
    const wanted = new Set(expected.map(textOf));
    return {
      bench: 'backtest',
      aims: [
        exactly(
          'excesses of brute force missed',
          0,
          [...wanted].filter((one) => !stated.has(one)).length,
          'excesses',
        ),
        exactly(
          'excesses stated falsely',
          0,
          [...stated].filter((one) => !wanted.has(one)).length,
          'excesses',
        ),
      ],
      details: {
        ...{ entries, records: records.length, excesses: wanted.size, tookSeconds },
        cpuSeconds: { flink: cpuSeconds, commandLine: ownSeconds },
        entriesPerCpuSecond: Math.round(entries / (cpuSeconds + ownSeconds)),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(archive, { recursive: true, force: true });
  }
}

function copyOf(record: UsageRecord, copy: number): UsageRecord {
  return {
    ...record,
    batch: `${record.batch} ${copy}`,
    entries: record.entries.map((entry) => renamed(entry, copy)),
  };
}

function renamed<T extends { key: string; subject: string }>(one: T, copy: number): T {
  return { ...one, key: `${one.key}_${copy}`, subject: `${one.subject}_${copy}` };
}

function textOf(one: OracleExcess): string {
  const { resource, key, subject, units, limit, peakSecondUnits, activeSeconds, windowStart, windowEnd } =
    one;
  return JSON.stringify([
    ...[resource, key, subject, units, limit, peakSecondUnits, activeSeconds, windowStart, windowEnd],
  ]);
}
