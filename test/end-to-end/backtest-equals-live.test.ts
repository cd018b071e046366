import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStream } from '../../infra/local/demo/stream-reader';
import { type Excess, excess } from '../../lambdas/contracts/excess';
import { type SetAside, setAside } from '../../lambdas/contracts/set-aside';
import { type UsageRecord, usageRecord } from '../../lambdas/contracts/usage-record';
import { archiveRecords } from '../orchestrator/archive/archive-folder';
import { runSpillway } from '../orchestrator/run-spillway';
import { withoutEarlyExcesses } from '../oracle/early-excesses';
import { type HeatQuestion, heatOracle, type OracleExcess } from '../oracle/heat-oracle';
import { seededUsage } from '../oracle/seeded-usage';
import { warmSystem } from '../parts/warm-system';
import { putUsage } from './put-usage';
import { until } from './until';
import { startThrottle, type Throttle } from './throttle';

const question = { windowSeconds: 120, limit: 600, limits: { orders: 400 } };
const parameters = {
  limit: String(question.limit),
  limits: JSON.stringify(question.limits),
  burst_limit: '300',
};
// Not shared-key: what it states early has no oracle of its own here, and it only notifies.
const detections = ['burst', 'partition-heat'];
/** What the detections that speak at once are asked. */
const questions: Readonly<Record<string, HeatQuestion>> = {
  burst: { windowSeconds: 10, limit: 300 },
  'partition-heat': question,
};
const closers = 20;

/**
 * The live job reads a trace from Kinesis and states excesses; what it read is archived from the same stream. Some records
 * come after their seconds are long closed: the live job sets them aside, and the archive holds them like any other.
 */
describe('a backtest beside the live job', () => {
  // Second 0 of the trace is the first of a minute, a while ago: the archive knows when records came.
  const from = Math.floor(Date.now() / 60_000) * 60 - 1_500;
  const trace = seededUsage({
    ...{ seed: 7, from, seconds: 600, keys: 40, resources: ['users', 'orders'] },
    ...{ disorderSeconds: 3, duplicates: 0.05 },
  });
  const onTime = [...trace, ...closing(from + 700)];
  const late = tooLate(trace);
  const stated: Excess[] = [];
  const aside: SetAside[] = [];
  const read: UsageRecord[] = [];
  const reading = new AbortController();
  const readers: Promise<void>[] = [];
  let throttle: Throttle;

  beforeAll(async () => {
    throttle = await startThrottle(warmSystem(), 'backtest', parameters, async (clients, resources) => {
      await putUsage(clients, resources, onTime);
      return { start: 'TRIM_HORIZON' };
    });
    const { kinesis } = throttle.clients;
    const { excessStream, setAsideStream, usageStream } = throttle.resources;
    readers.push(
      readStream(kinesis, excessStream, excess, (one) => stated.push(one), reading.signal),
      readStream(kinesis, setAsideStream, setAside, (one) => aside.push(one), reading.signal),
      readStream(kinesis, usageStream, usageRecord, (one) => read.push(one), reading.signal),
    );
  });
  afterAll(async () => {
    reading.abort();
    await Promise.all(readers);
    await throttle.stop();
  });

  it('finds the excesses that the job stated, but for what was late, and lists that', async () => {
    const closed = (): boolean =>
      stated.filter((one) => one.detection === 'partition-heat' && one.subject.startsWith('closer')).length >=
      2 * closers;
    await until(closed, 'the excesses that close the trace on every task');
    // Now the seconds of the trace are closed for good.
    await putUsage(throttle.clients, throttle.resources, late);
    await until(() => aside.length >= late.length, 'what is late to be set aside');
    await until(() => read.length >= onTime.length + late.length, 'all usage to be read for the archive');
    expect(aside.map(({ reason }) => reason)).toEqual(late.map(() => 'late'));

    const folder = mkdtempSync(join(tmpdir(), 'spillway-backtest-live-'));
    await archiveRecords(folder, Math.floor(Date.now() / 1_000), read);
    const [asideFile, excessFile] = [join(folder, 'aside.jsonl'), join(folder, 'excesses.jsonl')];
    writeFileSync(asideFile, aside.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const { exitCode, stdout, stderr } = await runSpillway([
      ...[
        'backtest',
        'throttle',
        '--json',
        '--archive',
        folder,
        '--late',
        asideFile,
        '--excesses',
        excessFile,
      ],
      ...['--since', moment(from), '--until', moment(from + 1_000)],
      ...Object.entries(parameters).flatMap(([name, value]) => ['--against', `${name}=${value}`]),
      ...detections.flatMap((name) => ['--detection', name]),
    ]);
    if (exitCode !== 0) throw new Error(stderr);

    const backtested = readFileSync(excessFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Excess & { rule?: string });
    expect(backtested.length).toBeGreaterThan(40);
    expect(new Set(backtested.map(({ detection }) => detection))).toEqual(new Set(detections));
    // By now the job has said all that it has to say.
    for (const detection of detections) {
      const of = (excesses: readonly Excess[]): Excess[] =>
        excesses.filter((one) => one.detection === detection);
      const asked = questions[detection];
      const said = of(stated);
      // A detection that speaks at once did so with the units that it knew, also of seconds that it says nothing of in
      // the end: each of them is truly above the limit.
      const closing = asked === undefined ? said : withoutEarlyExcesses(said, onTime, asked);
      expect(closing.map(textOf).sort()).toEqual(of(backtested).map(textOf).sort());
    }

    const { usage } = JSON.parse(stdout) as { usage: { late: { batch: string; units: number }[] } };
    expect(usage.late.map(({ batch }) => batch).sort()).toEqual(late.map(({ batch }) => batch).sort());
    // They matter: whoever counts them finds more.
    expect(heatOracle([...trace, ...late], question).length).toBeGreaterThan(
      heatOracle(trace, question).length,
    );
  }, 480_000);
});

/** Floods of tenants of their own, in seconds that lie in the middle of the trace. */
function tooLate(trace: readonly UsageRecord[]): UsageRecord[] {
  const first = trace[0]?.second ?? 0;
  return Array.from({ length: 6 }, (_, at) => {
    const entry = { resource: 'users', key: `S:late-${at}`, subject: `late-${at}`, units: 700, writes: 70 };
    return {
      version: 1,
      source: 'users',
      batch: `late-${at}`,
      part: 0,
      second: first + 60 * at,
      entries: [entry],
    };
  });
}

/** Records long after the trace that move time past it on every shard, half of them with an excess on every task. */
function closing(second: number): UsageRecord[] {
  return Array.from({ length: 2 * closers }, (_, i) => {
    const passes = i < closers;
    const subject = passes ? `closer-${i}` : 'filler';
    const entry = { resource: 'users', key: `S:${subject}`, subject, units: passes ? 10_000 : 1, writes: 1 };
    const at = passes ? second : second + 60;
    return { version: 1, source: 'users', batch: `closing-${i}`, part: 0, second: at, entries: [entry] };
  });
}

/** What an excess says, without who says it. */
function textOf(one: OracleExcess): string {
  const { resource, key, subject, units, limit, peakSecondUnits, activeSeconds, windowStart, windowEnd } =
    one;
  const { rank, share, keyUnits } = one;
  return JSON.stringify([
    ...[resource, key, subject, units, limit, peakSecondUnits, activeSeconds, windowStart, windowEnd],
    ...[rank, share, keyUnits],
  ]);
}

function moment(second: number): string {
  return new Date(second * 1_000).toISOString().replace('.000Z', 'Z');
}
