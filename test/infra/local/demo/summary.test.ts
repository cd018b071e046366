import { ConsumedHeat } from '../../../../infra/local/demo/consumed-heat';
import { spread, Tally } from '../../../../infra/local/demo/summary';
import { demoTenants } from '../../../../infra/local/demo/tenants';

describe('ConsumedHeat', () => {
  it('notes the moment a tenant passes the limit, and not the moment it reaches it', () => {
    const heat = new ConsumedHeat(120_000, 100);
    heat.add('app_1', 60, 1_000);
    heat.add('app_1', 40, 2_000);
    expect(heat.crossedAtMs('app_1')).toBeUndefined();
    heat.add('app_1', 1, 3_000);
    expect(heat.crossedAtMs('app_1')).toBe(3_000);
  });

  it('forgets a write one window later', () => {
    const heat = new ConsumedHeat(120_000, 100);
    heat.add('app_1', 60, 1_000);
    expect(heat.heat('app_1', 120_999)).toBe(60);
    expect(heat.heat('app_1', 121_000)).toBe(0);
  });
});

describe('Tally', () => {
  const tenants = demoTenants(8, 2);
  const looping = tenants.filter((tenant) => tenant.looping);
  const [loop, otherLoop] = looping;
  const calm = tenants.find((tenant) => !tenant.looping);
  if (loop === undefined || otherLoop === undefined || calm === undefined)
    throw new Error('the demo lost its tenants');

  it('tells who was found and how long after crossing the limit', () => {
    const tally = new Tally(tenants, new ConsumedHeat(120_000, 100));
    tally.add({ tenant: loop, status: 200, atMs: 1_000, units: 101 });
    tally.add({ tenant: loop, status: 429, atMs: 7_500, units: 0 });
    tally.add({ tenant: loop, status: 429, atMs: 9_000, units: 0 });
    tally.add({ tenant: calm, status: 200, atMs: 9_000, units: 1 });
    expect(tally.summary()).toEqual({
      version: 1,
      tenants: 10,
      looping: 2,
      found: 1,
      falselySuspended: 0,
      writes: 2,
      units: 102,
      refused: 2,
      failed: 0,
      crossingToRefusalMs: { median: 6_500, p99: 6_500, max: 6_500 },
    });
  });

  it('counts a well-behaved tenant that was refused, and a request that failed', () => {
    const tally = new Tally(tenants, new ConsumedHeat(120_000, 100));
    tally.add({ tenant: calm, status: 429, atMs: 1_000, units: 0 });
    tally.add({ tenant: calm, status: 500, atMs: 1_100, units: 0 });
    expect(tally.summary()).toMatchObject({ found: 0, falselySuspended: 1, refused: 1, failed: 1 });
  });

  it('has no spread without a measurement', () => {
    expect(spread([])).toEqual({ median: null, p99: null, max: null });
    expect(spread([3, 1, 2, 10])).toEqual({ median: 2, p99: 10, max: 10 });
  });
});
