import type { Excess } from '../../../lambdas/contracts/excess';
import type { KeySeconds } from '../../../orchestrator/backtest/found-usage';
import {
  busiestUnitsPerSecond,
  judgedOverloads,
  overloadsOf,
} from '../../../orchestrator/backtest/overloads';
import type { SuspendedSpan } from '../../../orchestrator/backtest/simulate-suspensions';

function key(...units: readonly [second: number, units: number][]): KeySeconds {
  return {
    ...{ resource: 'users', key: 'S:a' },
    seconds: units.map(([second]) => second),
    units: units.map(([, written]) => written),
  };
}

/** 1,000 units a second. */
function full(from: number, until: number): [number, number][] {
  return Array.from({ length: until - from }, (_, at) => [from + at, 1_000]);
}

test('ten seconds at what a partition gives are an overload, from the tenth on', () => {
  expect(overloadsOf(key(...full(100, 110)))).toEqual([
    { resource: 'users', key: 'S:a', second: 109, unitsPerSecond: 1_000 },
  ]);
  expect(overloadsOf(key(...full(100, 109)))).toEqual([]);
  expect(overloadsOf(key([100, 9_999]))).toEqual([]);
});

test('a burst that holds as much is one as well, and its height is the most', () => {
  expect(overloadsOf(key([100, 4_000], [105, 8_000], [106, 8_000], [200, 1]))).toMatchObject([
    { second: 105, unitsPerSecond: 2_000 },
  ]);
});

test('overloads a minute apart are two, closer ones are one', () => {
  expect(overloadsOf(key(...full(100, 110), ...full(150, 160)))).toHaveLength(1);
  expect(overloadsOf(key(...full(100, 110), ...full(170, 180)))).toHaveLength(2);
});

test('the busiest ten seconds of a key that never was overloaded', () => {
  expect(busiestUnitsPerSecond(key([100, 3_000], [109, 1_000], [110, 1_500]))).toBe(400);
});

test('an overload is headed off by who is suspended when it begins, by the earliest of them', () => {
  const overload = { resource: 'users', key: 'S:a', second: 200, unitsPerSecond: 1_000 };
  const span = (since: number, until: number): SuspendedSpan => ({
    ...{ subject: 'a', sinceMs: since * 1_000, untilMs: until * 1_000, offence: 1, excess: {} as Excess },
  });
  const lead = (...spans: SuspendedSpan[]): number | undefined =>
    judgedOverloads([overload], spans)[0]?.leadSeconds;
  expect(lead(span(180, 300))).toBe(20);
  expect(lead(span(180, 300), span(150, 201))).toBe(50);
  expect(lead(span(200, 300))).toBe(0);
  expect(lead(span(100, 200), span(201, 300))).toBeUndefined();
});
