import fc from 'fast-check';
import type { Excess } from '../../../lambdas/contracts/excess';
import type { Policy } from '../../../lambdas/contracts/policy';
import type { UsageRecord } from '../../../lambdas/contracts/usage-record';
import { usageOfFound } from '../../../orchestrator/backtest/found-usage';
import {
  type Simulation,
  simulateSuspensions,
  type SimulationOptions,
  usualPolicy,
} from '../../../orchestrator/backtest/simulate-suspensions';
import { heatOracle } from '../../oracle/heat-oracle';

const start = 1_790_856_000;
const windowSeconds = 120;
const limit = 100;

/** Every offence suspends for two minutes. */
const fixed: Policy = {
  ...usualPolicy,
  default: { ...usualPolicy.default, factor: 1, jitter: 0 },
};

/** One subject's units by the second. */
async function simulated(
  units: ReadonlyMap<number, number>,
  changes: Partial<SimulationOptions> = {},
): Promise<Simulation> {
  const records = [...units].map(([at, written]): UsageRecord => ({
    ...{ version: 1, source: 'users', batch: `b${at}`, part: 0, second: start + at },
    entries: [{ resource: 'users', key: 'S:a', subject: 'a', units: written, writes: 1 }],
  }));
  const excesses = heatOracle(records, { windowSeconds, limit }).map((found): Excess => ({
    ...{ version: 1, application: 'backtest of throttle', generation: 1, detection: 'partition-heat' },
    action: 'suspend',
    ...found,
  }));
  return simulateSuspensions(excesses, {
    ...{ application: 'throttle', policy: fixed, exempt: new Set<string>() },
    reactionMs: () => 0,
    usage: await usageOfFound(excesses, from(records)),
    ...changes,
  });
}

async function* from(records: readonly UsageRecord[]): AsyncGenerator<UsageRecord> {
  yield* await Promise.resolve(records);
}

/** Spans as seconds after the start. */
function spansOf({ spans }: Simulation): [number, number][] {
  return spans.map(({ sinceMs, untilMs }) => [sinceMs / 1_000 - start, untilMs / 1_000 - start]);
}

/** So many units each second, from and until. */
function steadily(each: number, from_: number, until: number): [number, number][] {
  return Array.from({ length: until - from_ }, (_, at) => [from_ + at, each]);
}

test('a loop that goes on is suspended again as soon as what is let through passes the limit', async () => {
  // 101 units are there after 11 seconds; after the suspension it takes as long again.
  expect(spansOf(await simulated(new Map(steadily(10, 0, 300))))).toEqual([
    [11, 131],
    [142, 262],
    [273, 393],
  ]);
});

test('offences make suspensions longer, and an exemption prevents them', async () => {
  const policy = { ...usualPolicy, default: { ...usualPolicy.default, jitter: 0 } };
  const loop = new Map(steadily(10, 0, 300));
  const { spans } = await simulated(loop, { policy });
  expect(spans.map(({ offence, sinceMs, untilMs }) => [offence, (untilMs - sinceMs) / 1_000])).toEqual([
    [1, 120],
    [2, 240],
  ]);
  const exempt = await simulated(loop, { exempt: new Set(['a']) });
  expect([exempt.spans, exempt.exempted]).toEqual([[], ['a']]);
});

test('what the policy only simulates suspends nobody and is told', async () => {
  const rules = [{ application: 'throttle', detection: 'partition-heat', mode: 'simulate' as const }];
  const { spans, notEnforced } = await simulated(new Map(steadily(10, 0, 30)), {
    policy: { ...fixed, rules },
  });
  expect([spans, notEnforced]).toEqual([[], ['a']]);
});

test('whatever is written, suspensions are those that second by second reckoning gives', async () => {
  const trace = fc.dictionary(fc.integer({ min: 0, max: 900 }).map(String), fc.integer({ min: 1, max: 60 }), {
    minKeys: 1,
    maxKeys: 120,
  });
  await fc.assert(
    fc.asyncProperty(trace, async (written) => {
      const units = new Map(
        Object.entries(written)
          .map(([at, value]): [number, number] => [Number(at), value])
          .sort((a, b) => a[0] - b[0]),
      );
      expect(spansOf(await simulated(units))).toEqual(secondBySecond(units));
    }),
    { numRuns: process.env['SPILLWAY_FULL'] === '1' ? 2_000 : 200, seed: 8 },
  );
});

/** A write inside a suspension is refused; one that lets the rest pass the limit suspends at its second's end. */
function secondBySecond(units: ReadonlyMap<number, number>): [number, number][] {
  const spans: [number, number][] = [];
  const admitted = new Map<number, number>();
  for (const [second, written] of units) {
    if (spans.some(([since, until]) => second >= since && second < until)) continue;
    admitted.set(second, written);
    const heat = [...admitted]
      .filter(([at]) => at > second - windowSeconds)
      .reduce((sum, [, value]) => sum + value, 0);
    if (heat > limit) spans.push([second + 1, second + 1 + 120]);
  }
  return spans;
}
