import { type Excess, excess } from '../../lambdas/contracts/excess';
import { setAside } from '../../lambdas/contracts/set-aside';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import { readStream } from '../../infra/local/demo/stream-reader';
import { withoutEarlyExcesses } from '../oracle/early-excesses';
import { heatOracle, type OracleExcess } from '../oracle/heat-oracle';
import { seededUsage } from '../oracle/seeded-usage';
import { warmSystem } from '../parts/warm-system';
import { putUsage } from './put-usage';
import { until } from './until';
import { startThrottle, type Throttle } from './throttle';

const question = { windowSeconds: 120, limit: 600, limits: { orders: 400 } };

const closer = 'the-last-one';
const closers = 20;

/** Seeds of `npm test` and, after the first, of `npm run test:full` only. */
const seeds = process.env['SPILLWAY_FULL'] === '1' ? [7, 11, 13, 17, 19] : [7];

/**
 * All records are there before the application starts: ten minutes of event time that came within seconds would outrun
 * a shard that happens to be read a moment later.
 */
describe.each(seeds)('excesses of a workload with duplicates and disorder, seed %i', (seed) => {
  const from = 1_790_000_000;
  const workload = seededUsage({
    seed,
    from,
    seconds: 600,
    keys: 40,
    resources: ['users', 'orders'],
    disorderSeconds: 3,
    duplicates: 0.05,
  });
  const records = [...workload, ...closing(from + 700)];
  const found: Excess[] = [];
  const aside: string[] = [];
  let throttle: Throttle;
  const reading = new AbortController();
  const readers: Promise<void>[] = [];

  beforeAll(async () => {
    throttle = await startThrottle(
      warmSystem(),
      `exact-${seed}`,
      {
        limit: String(question.limit),
        limits: JSON.stringify(question.limits),
      },
      async (clients, resources) => {
        await putUsage(clients, resources, records);
        return { start: 'TRIM_HORIZON' };
      },
    );
    const { clients, resources } = throttle;
    readers.push(
      readStream(
        clients.kinesis,
        resources.excessStream,
        excess,
        // The keys that two subjects share are stated by another detection too.
        (record) => record.detection === 'partition-heat' && found.push(record),
        reading.signal,
      ),
    );
    readers.push(
      readStream(
        clients.kinesis,
        resources.setAsideStream,
        setAside,
        (r) => aside.push(r.detail),
        reading.signal,
      ),
    );
  });
  afterAll(async () => {
    reading.abort();
    // A reader that failed on the way fails the test here: what it did not see was compared with nothing.
    await Promise.all(readers);
    await throttle.stop();
  });

  it('equals what brute force finds, to the unit and the second', async () => {
    const expected = heatOracle(records, question);
    // Each of them is stated twice: at once, and when its second is closed.
    const closed = (): boolean =>
      found.filter(({ subject }) => subject.startsWith(closer)).length >= 2 * closers;
    const exact = (): OracleExcess[] => withoutEarlyExcesses(found.map(withoutOrigin), records, question);
    await until(closed, 'the excesses that close the workload on every task');
    // Each task sends its excesses in batches that may overtake each other; one that is missing fails below.
    await until(() => exact().length >= expected.length, 'the last batches', 5_000).catch(() => undefined);
    expect(expected.length).toBeGreaterThan(20);
    expect(sorted(exact())).toEqual(sorted(expected));
    expect(found.length).toBeGreaterThan(expected.length);
    expect(aside).toEqual([]);
  });
});

/**
 * Records long after the workload that move time past it on every shard. Half of them pass the limit, of so many keys
 * that every parallel task has one: its excess is that task's last.
 */
function closing(second: number): UsageRecord[] {
  return Array.from({ length: 2 * closers }, (_, i) => {
    const passes = i < closers;
    const subject = passes ? `${closer}-${i}` : 'filler';
    const entry = { resource: 'users', key: `S:${subject}`, subject, units: passes ? 10_000 : 1, writes: 1 };
    const at = passes ? second : second + 60;
    return { version: 1, source: 'users', batch: `closing-${i}`, part: 0, second: at, entries: [entry] };
  });
}

function withoutOrigin({
  version,
  application,
  generation,
  detection,
  action,
  ...rest
}: Excess): OracleExcess {
  expect({ version, application, generation, detection, action }).toEqual({
    version: 1,
    application: 'throttle',
    generation: 1,
    detection: 'partition-heat',
    action: 'suspend',
  });
  return rest;
}

function sorted(excesses: OracleExcess[]): OracleExcess[] {
  const name = ({ windowEnd, resource, key, subject }: OracleExcess): string =>
    JSON.stringify([windowEnd, resource, key, subject]);
  return [...excesses].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}
