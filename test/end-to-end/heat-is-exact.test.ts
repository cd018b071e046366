import { type Excess, excess } from '../../lambdas/contracts/excess';
import { setAside } from '../../lambdas/contracts/set-aside';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import { readStream } from '../../infra/local/demo/stream-reader';
import { heatOracle, type OracleExcess } from '../oracle/heat-oracle';
import { seededUsage } from '../oracle/seeded-usage';
import { warmSystem } from '../parts/warm-system';
import { putUsage } from './put-usage';
import { until } from './until';
import { startThrottle, type Throttle } from './throttle';

const question = { windowSeconds: 120, limit: 600, limits: { orders: 400 } };

const closer = 'the-last-one';

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

  beforeAll(async () => {
    throttle = await startThrottle(
      warmSystem(),
      `exact-${seed}`,
      {
        limit: String(question.limit),
        limits: JSON.stringify(question.limits),
        start: 'TRIM_HORIZON',
      },
      (clients, resources) => putUsage(clients, resources, records),
    );
    const { clients, resources } = throttle;
    void readStream(
      clients.kinesis,
      resources.excessStream,
      excess,
      (record) => found.push(record),
      reading.signal,
    );
    void readStream(
      clients.kinesis,
      resources.setAsideStream,
      setAside,
      (r) => aside.push(r.detail),
      reading.signal,
    );
  });
  afterAll(async () => {
    reading.abort();
    await throttle.stop();
  });

  it('equals what brute force finds, to the unit and the second', async () => {
    const expected = heatOracle(records, question);
    await until(() => found.some(({ subject }) => subject === closer), 'the excess that closes the workload');
    expect(expected.length).toBeGreaterThan(20);
    expect(sorted(found.map(withoutOrigin))).toEqual(sorted(expected));
    expect(aside).toEqual([]);
  });
});

/**
 * Records far behind the workload's end that move time past it on every shard; the first of them also passes the
 * limit, so that its excess is the last one to come.
 */
function closing(second: number): UsageRecord[] {
  const entry = { resource: 'users', key: 'S:last', subject: closer, units: 10_000, writes: 1 };
  return Array.from({ length: 40 }, (_, i) => {
    const late = second + (i < 20 ? 0 : 60);
    const entries = i === 0 ? [entry] : [{ ...entry, subject: 'filler', units: 1 }];
    return { version: 1, source: 'users', batch: `closing-${i}`, part: 0, second: late, entries };
  });
}

function withoutOrigin({ version, application, generation, detection, ...rest }: Excess): OracleExcess {
  expect({ version, application, generation, detection }).toEqual({
    version: 1,
    application: 'throttle',
    generation: 1,
    detection: 'partition-heat',
  });
  return rest;
}

function sorted(excesses: OracleExcess[]): OracleExcess[] {
  const name = ({ windowEnd, resource, key, subject }: OracleExcess): string =>
    JSON.stringify([windowEnd, resource, key, subject]);
  return [...excesses].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}
