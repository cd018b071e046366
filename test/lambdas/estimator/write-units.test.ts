import { writeUnits } from '../../../lambdas/estimator/write-units';

describe('writeUnits', () => {
  it.each([
    ['a put of a small item', 0, 10, 1],
    ['a put of exactly 1 KB', 0, 1024, 1],
    ['a put of one byte more', 0, 1025, 2],
    ['a put of 3 KB and a byte', 0, 3073, 4],
    ['the largest item', 0, 409_600, 400],
    ['an update that shrinks the item', 5000, 100, 5],
    ['an update that grows the item', 100, 5000, 5],
    ['an update of equal size', 2048, 2048, 2],
    ['a delete', 2049, 0, 3],
  ])('%s', (_situation, oldBytes, newBytes, units) => {
    expect(writeUnits(oldBytes, newBytes)).toBe(units);
  });
});
