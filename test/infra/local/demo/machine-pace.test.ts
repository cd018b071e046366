import { limitForPace } from '../../../../infra/local/demo/machine-pace';

test('a machine that can pass the default limit within a window keeps it', () => {
  expect(limitForPace(17_000, 60_000, 120)).toBe(60_000);
});

test('a slower machine gets a limit that a looping tenant still passes within a window', () => {
  const limit = limitForPace(3_000, 60_000, 120);
  expect(limit).toBeLessThan(60_000);
  expect(limit).toBeLessThan((3_000 / 10) * 120);
});

test('well-behaved tenants stay under the lowest limit', () => {
  const wellBehavedUnitsPerWindow = 120 * 2;
  expect(limitForPace(1, 60_000, 120)).toBeGreaterThan(wellBehavedUnitsPerWindow);
});
