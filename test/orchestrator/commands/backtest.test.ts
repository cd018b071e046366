import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Excess } from '../../../lambdas/contracts/excess';
import { heatOracle, type OracleExcess } from '../../oracle/heat-oracle';
import { seededUsage } from '../../oracle/seeded-usage';
import { archiveOf, tenantsUsage } from '../backtest/tenants';
import { runSpillway } from '../run-spillway';

// `spillway backtest` on Flink, over archives in folders.
const page = readFileSync(resolve(__dirname, '../../../docs/backtest.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'spillway-backtest-'));

test('each command of the page prints what the page shows', async () => {
  const archive = await archiveOf(tenantsUsage());
  const blocks = [...page.matchAll(/```console\n\$ spillway (.*)\n([^`]*)```/g)];
  expect(blocks).toHaveLength(2);
  for (const [, command = '', output] of blocks) {
    const args = command.split(' ').map((word) => {
      if (word === 'archive') return archive;
      return word.endsWith('.html') ? join(folder, word) : word;
    });
    const { exitCode, stdout, stderr } = await runSpillway(args);
    expect([exitCode, stdout.replaceAll(archive, 'archive'), exitCode === 0 || stderr]).toEqual([
      0,
      output,
      true,
    ]);
  }
}, 600_000);

describe('usage with duplicates', () => {
  const from = 1_790_856_000;
  const question = { windowSeconds: 120, limit: 600, limits: { orders: 400 } };
  const workload = seededUsage({
    ...{ seed: 7, from, seconds: 900, keys: 40, resources: ['users', 'orders'] },
    ...{ disorderSeconds: 3, duplicates: 0.05 },
  });
  const rule = [
    '--against',
    'limit=600',
    '--against',
    'limits={"orders":400}',
    '--detection',
    'partition-heat',
  ];
  const until = ['--until', '2026-10-01T12:15:00Z'];

  async function excessesOf(archive: string, since: string): Promise<Excess[]> {
    const file = join(folder, 'excesses.jsonl');
    const place = ['--archive', archive, '--since', since, ...until, '--excesses', file];
    const { exitCode, stderr } = await runSpillway(['backtest', 'throttle', ...place, ...rule]);
    if (exitCode !== 0) throw new Error(stderr);
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Excess);
  }

  test('is judged as brute force judges it, and the same from whatever second on', async () => {
    const archive = await archiveOf(workload);
    const whole = await excessesOf(archive, '2026-10-01T12:00:00Z');
    const truth = heatOracle(workload, question);
    expect(truth.length).toBeGreaterThan(20);
    expect(sorted(whole.map(withoutOrigin))).toEqual(sorted(truth));
    // Nobody hears an application of that name.
    expect(new Set(whole.map(({ application }) => application))).toEqual(new Set(['backtest of throttle']));

    const cut = from + 427;
    const later = await excessesOf(archive, new Date(cut * 1_000).toISOString().replace('.000Z', 'Z'));
    expect(later).toEqual(whole.filter(({ windowEnd }) => windowEnd > cut));
    expect(later.length).toBeGreaterThan(10);
  }, 600_000);
});

function withoutOrigin(excess: Excess): OracleExcess {
  const { resource, key, subject, units, limit } = excess;
  const { peakSecondUnits, activeSeconds, windowStart, windowEnd } = excess;
  return { resource, key, subject, units, limit, peakSecondUnits, activeSeconds, windowStart, windowEnd };
}

function sorted(excesses: readonly OracleExcess[]): OracleExcess[] {
  const name = ({ windowEnd, resource, key, subject }: OracleExcess): string =>
    JSON.stringify([windowEnd, resource, key, subject]);
  return [...excesses].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}
