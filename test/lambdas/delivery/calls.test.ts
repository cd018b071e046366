import fc from 'fast-check';
import { cutIntoCalls } from '../../../lambdas/delivery/calls';

describe('cutIntoCalls', () => {
  it('keeps the order, the limits, and fills each call', () => {
    const limits = { items: 4, bytes: 100 };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 })), (sizes) => {
        const calls = cutIntoCalls(sizes, (size) => size, limits);
        expect(calls.flat()).toEqual(sizes);
        const sum = (call: readonly number[]): number => call.reduce((total, size) => total + size, 0);
        for (const [index, call] of calls.entries()) {
          expect(call.length).toBeLessThanOrEqual(limits.items);
          expect(sum(call)).toBeLessThanOrEqual(limits.bytes);
          const next = calls[index + 1]?.[0];
          if (next !== undefined && call.length < limits.items) expect(sum(call) + next).toBeGreaterThan(100);
        }
      }),
    );
  });

  it('gives an item that is too large a call of its own', () => {
    expect(cutIntoCalls([1, 500, 1], (size) => size, { items: 4, bytes: 100 })).toEqual([[1], [500], [1]]);
  });
});
