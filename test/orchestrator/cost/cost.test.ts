import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { costItems, totalOf } from '../../../orchestrator/cost/cost-items';
import { type Known, naiveDesign, thisDesign } from '../../../orchestrator/cost/design';
import { levers } from '../../../orchestrator/cost/levers';
import { readMeasured } from '../../../orchestrator/cost/measured';
import { readPrices } from '../../../orchestrator/cost/prices';
import type { Workload } from '../../../orchestrator/cost/workload';
import { runSpillway } from '../run-spillway';

const root = resolve(__dirname, '..', '..', '..');
const measured = readMeasured();
const { figures } = measured;
const { prices } = readPrices();
const SECONDS = 730 * 3600;

/** A thousand changes a second, all from one shard, as many at the peak. */
const workload: Workload = {
  updatesPerDay: 86_400_000,
  peakFactor: 1,
  streamShards: 1,
  batchWindowSeconds: 1,
  batchSize: 1_000,
  keysPerSecond: 50,
  resources: 1,
  applications: [{ name: 'throttle', parallelism: 3, parallelismPerKpu: 2, entriesPerSecond: undefined }],
  usageShards: 2,
  archive: true,
  guards: 10,
  excessesPerDay: 100,
  zones: 2,
};

function known(changes: Partial<Workload> = {}): Known {
  const changed = { ...workload, ...changes };
  return { workload: changed, measured, prices, design: thisDesign(changed, measured) };
}

function usdOf(what: string, changes: Partial<Workload> = {}): number | undefined {
  return costItems(known(changes)).find((item) => item.what === what)?.usdPerMonth;
}

test('Flink is paid by KPU, rounded up, and one more for orchestration', () => {
  expect(usdOf('throttle: KPUs')).toBeCloseTo(3 * 730 * 0.11);
  expect(usdOf('throttle: storage')).toBeCloseTo(2 * 50 * 0.1);
});

test('an application whose pace was measured gets the KPUs that its entries need at the peak', () => {
  // A batch of a second touches two of them, with fifty entries each.
  const [application] = workload.applications.map((one) => ({ ...one, entriesPerSecond: 30 }));
  if (application === undefined) throw new Error('the workload has no application');
  expect(usdOf('throttle: KPUs', { applications: [application] })).toBeCloseTo((4 + 1) * 730 * 0.11);
});

test('a usage record is paid by units of 25 KB, and packed up to 20 KB', () => {
  expect(usdOf('puts')).toBeCloseTo(((2 * SECONDS) / 1e6) * 0.014);
  // Five hundred entries in each of the two seconds: two records each.
  expect(figures.entryBytes.value * 500).toBeGreaterThan(20 * 1024);
  expect(usdOf('puts', { keysPerSecond: 10_000 })).toBeCloseTo(((4 * SECONDS) / 1e6) * 0.014);
});

test('a longer batch window makes fewer calls, until batches are full', () => {
  const calls = ((SECONDS * 1) / 1e6) * 0.2;
  expect(usdOf('estimator: calls')).toBeCloseTo(calls);
  expect(usdOf('estimator: calls', { batchWindowSeconds: 5 })).toBeCloseTo(calls);
  expect(usdOf('estimator: calls', { batchWindowSeconds: 5, batchSize: 10_000 })).toBeCloseTo(calls / 5);
});

test('Firehose counts each record as 5 KB at least', () => {
  const bytes = figures.recordBytes.value + 50 * figures.entryBytes.value;
  expect(bytes).toBeLessThan(5 * 1024);
  expect(usdOf('archive')).toBeCloseTo(((2 * SECONDS * 5 * 1024) / 1024 ** 3) * (0.029 + 0.018));
  expect(usdOf('archive', { archive: false })).toBeUndefined();
});

test('the naive design costs more for everything that packing, guards and endpoints save', () => {
  const naive = costItems({ ...known(), design: naiveDesign(workload, measured) });
  const ours = costItems(known());
  const usd = (items: typeof naive, service: string): number =>
    totalOf(items.filter((item) => item.service === service));
  for (const service of [
    'Kinesis',
    'Lambda',
    'ElastiCache',
    'VPC',
    'CloudWatch',
    'Firehose',
    'S3',
    'Athena',
  ]) {
    expect([service, usd(naive, service)]).not.toEqual([service, usd(ours, service)]);
    expect(usd(naive, service)).toBeGreaterThan(usd(ours, service));
  }
});

test('a lever is the difference that the bill makes', () => {
  const window = levers(known()).find(({ what }) => what.startsWith('no archive'));
  const difference = totalOf(costItems(known({ archive: false }))) - totalOf(costItems(known()));
  expect(window?.usdPerMonth).toBeCloseTo(difference);
  expect(difference).toBeLessThan(0);
});

test('no traffic is no load, and still has what stands there', () => {
  const items = costItems(known({ updatesPerDay: 1, excessesPerDay: 1 }));
  expect(items.every(({ usdPerMonth }) => Number.isFinite(usdPerMonth) && usdPerMonth >= 0)).toBe(true);
});

test('each price says where it stands, and whether anybody compared it', () => {
  for (const { source } of Object.values(prices))
    expect(source).toMatch(/^aws\.amazon\.com\/[a-z0-9/-]+\/pricing$/);
  expect(Object.values(prices).some(({ compared }) => compared === null)).toBe(true);
});

test('docs/cost.md shows what the command prints', async () => {
  const page = readFileSync(resolve(root, 'docs', 'cost.md'), 'utf8');
  const shown = /```\n\$ spillway (cost .*)\n([\s\S]*?)```/.exec(page);
  const definitions = ['--definitions', resolve(root, 'flink-sql')];
  const { exitCode, stdout } = await runSpillway([...(shown?.[1] ?? '').split(' '), ...definitions]);
  expect(exitCode).toBe(0);
  expect(shown?.[2]).toBe(stdout);
});

test('cost --json has the prices and what was measured, and a wrong figure says what is right', async () => {
  const definitions = ['--definitions', resolve(root, 'test', 'orchestrator', 'definitions')];
  const told = await runSpillway(['cost', '--updates-per-day', '1e6', '--json', ...definitions]);
  expect(JSON.parse(told.stdout)).toMatchObject({
    schemaVersion: 2,
    workload: { updatesPerDay: 1_000_000 },
    usdPerMonth: expect.any(Number) as number,
    naive: { usdPerMonth: expect.any(Number) as number },
    prices: { kpuHour: { usd: 0.11 } },
    measured: { entryBytes: { asOf: expect.any(String) as string } },
  });
  const wrong = await runSpillway(['cost', '--updates-per-day', 'many', ...definitions]);
  expect(wrong.stderr).toContain('--updates-per-day is "many"');
});
