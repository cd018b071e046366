import fc from 'fast-check';
import { assumedLoad, usageCapacity } from '../../../infra/constructs/usage-capacity';

const load = { ...assumedLoad, updatesPerDay: 1e9 };

test('a billion changes a day, with the assumed peak, entries and readers', () => {
  // 34,722 changes a second at the peak, 4.17 MB: 3.98 shards' worth to write, 5.96 for three readers.
  expect(usageCapacity(load)).toEqual({
    shards: 6,
    forBytesWritten: 4,
    forRecordsWritten: 1,
    forBytesRead: 6,
  });
});

test('a small table needs one shard', () => {
  expect(usageCapacity({ ...load, updatesPerDay: 1 }).shards).toBe(1);
});

test('with one reader, writing is what bounds a shard', () => {
  expect(usageCapacity({ ...load, readers: 1 })).toMatchObject({ shards: 4, forBytesRead: 2 });
});

test('changes that come one by one are bound by records', () => {
  expect(usageCapacity({ ...load, changesPerBatch: 1 })).toMatchObject({ shards: 35, forRecordsWritten: 35 });
});

test('a second at the peak fits what the shards take and give, and one shard less would not do', () => {
  const positive = (max: number) => fc.integer({ min: 1, max });
  const loads = fc.record({
    updatesPerDay: positive(1e11),
    peakFactor: positive(20),
    entryBytes: positive(2_000),
    changesPerBatch: positive(1_000),
    readers: positive(5),
  });
  fc.assert(
    fc.property(loads, (one) => {
      const { shards } = usageCapacity(one);
      const changes = (one.updatesPerDay / 86_400) * one.peakFactor;
      const bytes = changes * one.entryBytes;
      const fits = (count: number): boolean =>
        bytes <= count * 1024 * 1024 &&
        changes / one.changesPerBatch <= count * 1_000 &&
        bytes * one.readers <= count * 2 * 1024 * 1024;
      return fits(shards) && (shards === 1 || !fits(shards - 1));
    }),
  );
});

test.each([0, -1, Number.NaN, Infinity])('%s changes a day are refused', (updatesPerDay) => {
  expect(() => usageCapacity({ ...load, updatesPerDay })).toThrow(
    /updatesPerDay is .*: write a number above 0/,
  );
});
