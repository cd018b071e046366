import type { Excess } from '../../../lambdas/contracts/excess';
import { type Heard, judge } from './judge';

const rule = { windowSeconds: 10, limit: 100 };
const change = {
  before: rule,
  after: { ...rule, windowSeconds: 20 },
  oldUntil: 130,
  newFrom: 130,
  isCarried: false,
  until: 200,
};
// 60 units each five seconds: above a limit of 100 in 10 s from the second write on, in 20 s as well.
const written = new Map([['loop', new Map([100, 105, 110, 115, 140].map((second) => [second, 60]))]]);

function heard(windowEnd: number, units: number, windowSeconds = 10): Heard {
  const excess: Excess = {
    ...{ version: 1, application: 'a', generation: 1, detection: 'd', resource: 'r', key: 'S:loop' },
    ...{ subject: 'loop', units, limit: 100, peakSecondUnits: 60, activeSeconds: 2 },
    ...{ windowStart: windowEnd - windowSeconds, windowEnd },
  };
  return { excess, atMs: 0 };
}

test('what was said in time is no miss, and a whole total is complete', () => {
  const { missed, falsely, incomplete, overs } = judge(written, [heard(106, 120)], change);
  expect({ missed, falsely, incomplete, overs }).toEqual({
    missed: [],
    falsely: [],
    incomplete: [],
    overs: 1,
  });
});

test('a time above the limit of which nothing was said is missed', () => {
  expect(judge(written, [], change).missed).toEqual(['loop 106 to 116']);
});

test('more than was written, or less than the limit, is false', () => {
  expect(judge(written, [heard(106, 121)], change).falsely).toHaveLength(1);
  expect(judge(written, [heard(101, 60)], change).falsely).toHaveLength(1);
});

test('a last word below the whole heat is incomplete', () => {
  expect(judge(written, [heard(106, 110)], change).incomplete).toHaveLength(1);
  expect(judge(written, [heard(106, 110), heard(106, 120)], change).incomplete).toEqual([]);
});
