import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import { heatOracle } from './heat-oracle';

const question = { windowSeconds: 120, limit: 100 };

function usage(second: number, units: number, batch = `b${second}`): UsageRecord {
  const entry = { resource: 'users', key: 'S:a', subject: 'a', units, writes: 1 };
  return { version: 1, source: 'users', batch, part: 0, second, entries: [entry] };
}

describe('heat oracle, by hand-worked situations', () => {
  it('is silent at the limit and speaks one unit over it', () => {
    expect(heatOracle([usage(1000, 60), usage(1010, 40)], question)).toEqual([]);
    expect(heatOracle([usage(1000, 60), usage(1010, 41)], question)).toEqual([
      {
        resource: 'users',
        key: 'S:a',
        subject: 'a',
        units: 101,
        limit: 100,
        peakSecondUnits: 60,
        activeSeconds: 2,
        windowStart: 891,
        windowEnd: 1011,
      },
    ]);
  });

  it('forgets a second exactly one window later', () => {
    expect(heatOracle([usage(1000, 60), usage(1119, 41)], question)).toHaveLength(1);
    expect(heatOracle([usage(1000, 60), usage(1120, 41)], question)).toEqual([]);
  });

  it('counts a record delivered twice once', () => {
    expect(heatOracle([usage(1000, 60, 'b'), usage(1000, 60, 'b')], question)).toEqual([]);
    expect(heatOracle([usage(1000, 60, 'b'), usage(1000, 60, 'c')], question)).toHaveLength(1);
  });

  it('speaks once while a minute lasts and again at the first write of the next', () => {
    const records = [usage(1200, 200), usage(1210, 1), usage(1259, 1), usage(1260, 1), usage(1261, 1)];
    expect(heatOracle(records, question).map((excess) => excess.windowEnd)).toEqual([1201, 1261]);
  });

  it('speaks again when the heat fell to the limit and passed it anew', () => {
    const records = [usage(1200, 101), usage(1201, 1), usage(1320, 99), usage(1321, 1), usage(1322, 1)];
    expect(heatOracle(records, question).map((excess) => excess.windowEnd)).toEqual([1201, 1323]);
  });

  it('takes a limit of the resource before the general one', () => {
    expect(heatOracle([usage(1000, 101)], { ...question, limits: { users: 500 } })).toEqual([]);
  });

  it('is silent before the cutover and treats what was before it as absent', () => {
    const records = [usage(1200, 200), usage(1205, 1), usage(1209, 1), usage(1210, 1)];
    const spoken = heatOracle(records, { ...question, cutover: 1210 });
    expect(spoken.map((excess) => [excess.windowEnd, excess.units])).toEqual([[1210, 202]]);
  });
});
