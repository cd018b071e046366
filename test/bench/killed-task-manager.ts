import { setTimeout as pause } from 'node:timers/promises';
import { readStream } from '../../infra/local/demo/stream-reader';
import { Run } from '../../infra/local/processes/run';
import { startFlink } from '../../infra/local/servers/flink';
import { startLocalSystem } from '../../infra/local/system';
import { type Excess, excess } from '../../lambdas/contracts/excess';
import { setAside } from '../../lambdas/contracts/set-aside';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import { putUsage } from '../end-to-end/put-usage';
import { startThrottle, type Throttle } from '../end-to-end/throttle';
import { until } from '../end-to-end/until';
import { withoutEarlyExcesses } from '../oracle/early-excesses';
import { heatOracle, type OracleExcess } from '../oracle/heat-oracle';
import { seededUsage } from '../oracle/seeded-usage';

/** What the application stated of a trace in whose middle the TaskManager's process was killed with SIGKILL. */
export interface KilledTrace {
  readonly seed: number;
  readonly records: number;
  readonly excesses: number;
  readonly missed: number;
  /** Neither an excess of the truth nor one that came early and is true. */
  readonly false: number;
  readonly early: number;
  /** Rows word for word like another one: early with all the units, or again after the restart. */
  readonly repeated: number;
  readonly late: number;
  /** From the kill to a new TaskManager that Flink knows. */
  readonly replacedAfterSeconds: number;
}

const question = { windowSeconds: 120, limit: 600, limits: { orders: 400 } };
/** So much event time comes at once, on both shards; the delay covers it. */
const chunkSeconds = 10;
const everyMs = 500;
const from = 1_790_000_000;
const seconds = 600;
const closers = 20;

/** Runs throttle over a local Kinesis on a Flink of its own, once for each seed. */
export async function killTaskManagers(seeds: readonly number[]): Promise<KilledTrace[]> {
  const system = await startLocalSystem({ flink: false });
  const run = new Run(`killed-${process.pid}`, () => undefined);
  try {
    const flink = await startFlink(run, { environment: system.environment });
    const warm = { ...system, flinkRestUrl: flink.restUrl, processIds: [] };
    const traces: KilledTrace[] = [];
    for (const seed of seeds) {
      const values = { limit: String(question.limit), limits: JSON.stringify(question.limits), delay: '60s' };
      const fromTheBegin = (): Promise<Record<string, string>> => Promise.resolve({ start: 'TRIM_HORIZON' });
      const throttle = await startThrottle(warm, `killed-${seed}`, values, fromTheBegin);
      try {
        traces.push(await trace(seed, throttle, () => flink.replaceTaskManager()));
      } finally {
        await throttle.stop();
      }
    }
    return traces;
  } finally {
    await run.stop();
    await system.stop();
  }
}

async function trace(seed: number, throttle: Throttle, kill: () => Promise<void>): Promise<KilledTrace> {
  const shape = { keys: 40, resources: ['users', 'orders'], disorderSeconds: 3, duplicates: 0.05 };
  const workload = seededUsage({ seed, from, seconds, ...shape });
  const records = [...workload, ...closing(from + seconds + 200)];
  const found: OracleExcess[] = [];
  let late = 0;
  const { clients, resources } = throttle;
  const reading = new AbortController();
  const hear = (said: Excess): void => {
    if (said.detection === 'partition-heat') found.push(withoutOrigin(said));
  };
  const readers = [
    readStream(clients.kinesis, resources.excessStream, excess, hear, reading.signal),
    readStream(clients.kinesis, resources.setAsideStream, setAside, () => (late += 1), reading.signal),
  ];
  try {
    let killed: Promise<number> | undefined;
    for (let start = from; start < from + seconds; start += chunkSeconds) {
      const inTime = ({ second }: UsageRecord): boolean => second >= start && second < start + chunkSeconds;
      await putUsage(clients, resources, workload.filter(inTime));
      if (start === from + seconds / 2) killed = secondsOf(kill);
      await pause(everyMs);
    }
    await putUsage(clients, resources, records.slice(workload.length));
    const replacedAfterSeconds = (await killed) ?? NaN;
    const ends = (): number => found.filter(({ subject }) => subject.startsWith('the-last-one')).length;
    await until(() => ends() >= 2 * closers, 'the excesses that close the trace on every task', 120_000);
    return { seed, records: records.length, late, replacedAfterSeconds, ...beside(found, records) };
  } finally {
    reading.abort();
    await Promise.all(readers);
  }
}

/** After a restart Flink says again what it said since the last checkpoint; early ones perhaps with other units. */
function beside(
  found: readonly OracleExcess[],
  records: readonly UsageRecord[],
): Omit<KilledTrace, 'seed' | 'records' | 'late' | 'replacedAfterSeconds'> {
  const once = [...new Map(found.map((each) => [textOf(each), each])).values()];
  let left = once;
  for (let before = Infinity; left.length < before;) {
    before = left.length;
    left = withoutEarlyExcesses(left, records, question);
  }
  const truth = heatOracle(records, question).map(textOf);
  const said = new Set(left.map(textOf));
  return {
    excesses: truth.length,
    missed: truth.filter((each) => !said.has(each)).length,
    false: left.filter((each) => !truth.includes(textOf(each))).length,
    early: once.length - left.length,
    repeated: found.length - once.length,
  };
}

/** Records long after the workload: half of them pass the limit, on every task; the others close their second. */
function closing(second: number): UsageRecord[] {
  return Array.from({ length: 2 * closers }, (_, i) => {
    const subject = i < closers ? `the-last-one-${i}` : 'filler';
    const at = i < closers ? second : second + 120;
    const entry = {
      resource: 'users',
      key: `S:${subject}`,
      subject,
      units: i < closers ? 10_000 : 1,
      writes: 1,
    };
    return { version: 1, source: 'users', batch: `closing-${i}`, part: 0, second: at, entries: [entry] };
  });
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedMs = Date.now();
  await work();
  return (Date.now() - startedMs) / 1_000;
}

function withoutOrigin(said: Excess): OracleExcess {
  const { resource, key, subject, units, limit, peakSecondUnits, activeSeconds, windowStart, windowEnd } =
    said;
  return { resource, key, subject, units, limit, peakSecondUnits, activeSeconds, windowStart, windowEnd };
}

function textOf(stated: OracleExcess): string {
  return JSON.stringify(Object.entries(stated).sort(([a], [b]) => (a < b ? -1 : 1)));
}
