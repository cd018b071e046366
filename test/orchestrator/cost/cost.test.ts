import { resolve } from 'node:path';
import { costItems, type Workload } from '../../../orchestrator/cost/cost-items';
import { readPrices } from '../../../orchestrator/cost/prices';
import { runSpillway } from '../run-spillway';

const workload: Workload = {
  updatesPerDay: 0,
  applications: [{ name: 'throttle', parallelism: 3, parallelismPerKpu: 2 }],
  usageShards: 2,
  entryBytes: 100,
  changesPerBatch: 100,
};

function usdOf(changes: Partial<Workload>, what: string): number | undefined {
  const items = costItems({ ...workload, ...changes }, readPrices());
  return items.find((item) => item.what === what)?.usdPerMonth;
}

test('Flink is paid by KPU, rounded up, and one more for orchestration', () => {
  expect(usdOf({}, 'Flink throttle: KPUs')).toBeCloseTo(3 * 730 * 0.11);
  expect(usdOf({}, 'Flink throttle: storage')).toBeCloseTo(2 * 50 * 0.1);
});

test('puts are paid by 25 KB of a batch, at least one unit', () => {
  const days = 730 / 24;
  const small = usdOf({ updatesPerDay: 100_000_000 }, 'Kinesis: puts');
  expect(small).toBeCloseTo(((1e6 * days) / 1e6) * 0.014);
  const large = usdOf({ updatesPerDay: 100_000_000, entryBytes: 300 }, 'Kinesis: puts');
  expect(large).toBeCloseTo(((2e6 * days) / 1e6) * 0.014);
});

test('cost says its prices’ date and what is not in it', async () => {
  const definitions = ['--definitions', resolve(__dirname, '..', 'definitions')];
  const { exitCode, stdout } = await runSpillway(['cost', '--updates-per-day', '1000000', ...definitions]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^1,000,000 changes a day, by list prices of us-east-1 as of \d{4}-\d\d-\d\d\n/);
  expect(stdout).toContain('not in it:\n  the time that functions run');
  const wrong = await runSpillway(['cost', '--updates-per-day', 'many', ...definitions]);
  expect(wrong.stderr).toContain('--updates-per-day is "many"');
});
