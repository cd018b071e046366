import { rmSync } from 'node:fs';
import { z } from 'zod';
import type { UsageEntry, UsageRecord } from '../../../lambdas/contracts/usage-record';
import { usageOnce } from '../../../orchestrator/archive/entries-sql';
import { openFolderArchive } from '../../../orchestrator/archive/folder-archive';
import type { Reading } from '../../../orchestrator/archive/readings';
import type { Span } from '../../../orchestrator/archive/usage-archive';
import { archiveRecords, newFolder, usage } from './archive-folder';

const noon = Date.UTC(2026, 9, 1, 12) / 1_000;
const span = { fromSecond: noon, untilSecond: noon + 60 };

let folder: string;

beforeEach(() => {
  folder = newFolder();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Units by resource, key and second, and what was told to be read again. */
async function countOnce(
  asked: Span = span,
): Promise<{ units: Record<string, number>; readAgain: readonly Reading[] }> {
  const archive = await openFolderArchive(folder, { threads: 1, memoryMegabytes: 256 });
  try {
    const { sql, readAgain } = await usageOnce(archive, asked);
    const row = z.object({ name: z.string(), units: z.number() });
    const { rows } = await archive.query(
      `SELECT resource || ' ' || key || ' ' || CAST(second - ${noon} AS VARCHAR) AS name, SUM(units) AS units
       FROM (${sql}) AS entries GROUP BY resource, key, second`,
      row,
    );
    return { units: Object.fromEntries(rows.map(({ name, units }) => [name, units])), readAgain };
  } finally {
    archive.close();
  }
}

/** A batch with changes of one second, over a range of sequence numbers. */
function batch(first: number, last: number, entries: UsageEntry[], at = 0): UsageRecord {
  return usage({
    second: noon + at,
    batch: `event-${first}`,
    firstSequence: String(first),
    lastSequence: String(last),
    entries,
  });
}

function entry(units: number, key = 'S:a', resource = 'documents'): UsageEntry {
  return { resource, key, subject: key.slice(2), units, writes: units };
}

test('a record counts once however often it was delivered, in one object and hours later', async () => {
  const record = batch(100, 109, [entry(10), entry(4, 'S:b')]);
  await archiveRecords(folder, noon, [record, record]);
  await archiveRecords(folder, noon + 10_000, [record]);
  expect(await countOnce()).toEqual({
    units: { 'documents S:a 0': 10, 'documents S:b 0': 4 },
    readAgain: [],
  });
});

test('records of a reporter, which have no sequence numbers, count once too', async () => {
  const record = usage({ second: noon, source: 'reporter', entries: [entry(3)] });
  await archiveRecords(folder, noon, [record, record, { ...record, part: 1 }]);
  expect(await countOnce()).toEqual({ units: { 'documents S:a 0': 6 }, readAgain: [] });
});

test('batches of different shards overlap, and all of them count', async () => {
  await archiveRecords(folder, noon, [
    batch(100, 199, [entry(10), entry(1, 'N:1', 'documents/by_kind')]),
    batch(150, 250, [entry(20, 'S:b'), entry(2, 'N:1', 'documents/by_kind')]),
  ]);
  const { units, readAgain } = await countOnce();
  expect(units).toEqual({ 'documents S:a 0': 10, 'documents S:b 0': 20, 'documents/by_kind N:1 0': 3 });
  expect(readAgain).toEqual([]);
});

test('batches of one shard that share a second and a key do not overlap, and both count', async () => {
  await archiveRecords(folder, noon, [batch(90, 99, [entry(10)]), batch(100, 120, [entry(7)])]);
  expect((await countOnce()).units).toEqual({ 'documents S:a 0': 17 });
});

test('sequence numbers are compared as numbers: 9 lies before 10', async () => {
  await archiveRecords(folder, noon, [batch(8, 9, [entry(2)]), batch(10, 12, [entry(3)])]);
  expect((await countOnce()).units).toEqual({ 'documents S:a 0': 5 });
});

test('batches that were read again in others count once, with their index entries', async () => {
  const both = (units: number): UsageEntry[] => [entry(units), entry(units, 'N:1', 'documents/by_kind')];
  // The first reading: 100-109 and 110-119, in seconds 0 and 1. The second: 105-124, of which 120-124 are new.
  await archiveRecords(folder, noon, [batch(100, 109, both(10), 0), batch(110, 119, both(10), 1)]);
  await archiveRecords(folder, noon, [
    batch(105, 124, both(5), 0),
    batch(105, 124, both(10), 1),
    batch(105, 124, both(5), 2),
  ]);
  const { units, readAgain } = await countOnce();
  expect(units).toEqual({
    'documents S:a 0': 10,
    'documents S:a 1': 10,
    'documents S:a 2': 5,
    'documents/by_kind N:1 0': 10,
    'documents/by_kind N:1 1': 10,
    'documents/by_kind N:1 2': 5,
  });
  expect(readAgain.map(({ batch, cluster, reading }) => [batch, cluster, reading])).toEqual([
    ['event-100', 0, 0],
    ['event-105', 0, 1],
    ['event-110', 0, 0],
  ]);
});

test('a second that is split between batches of each reading has the sum of one reading', async () => {
  // Ten changes of one second, read as 4 + 6 and again as 2 + 8.
  await archiveRecords(folder, noon, [batch(100, 103, [entry(4)]), batch(104, 109, [entry(6)])]);
  await archiveRecords(folder, noon, [batch(100, 101, [entry(2)]), batch(102, 109, [entry(8)])]);
  expect((await countOnce()).units).toEqual({ 'documents S:a 0': 10 });
});

test('batches of one beginning and different ends are told apart, and the longer one counts', async () => {
  await archiveRecords(folder, noon, [batch(100, 104, [entry(5)]), batch(100, 109, [entry(10)])]);
  expect((await countOnce()).units).toEqual({ 'documents S:a 0': 10 });
});

test('where the second reading goes beyond the first one within a second, the greater one counts: never too much', async () => {
  // Changes 100-109 of one second: read as 100-106, and again as 104-109.
  await archiveRecords(folder, noon, [batch(100, 106, [entry(7)]), batch(104, 109, [entry(6)])]);
  expect((await countOnce()).units).toEqual({ 'documents S:a 0': 7 });
});

test('two shards that are read again at once count each for itself, also where they share an index key', async () => {
  const shard = (key: string, first: number, last: number, units: number): UsageRecord =>
    batch(first, last, [entry(units, key), entry(units, 'N:1', 'documents/by_kind')]);
  await archiveRecords(folder, noon, [shard('S:a', 100, 119, 10), shard('S:b', 101, 118, 3)]);
  await archiveRecords(folder, noon, [shard('S:a', 98, 121, 10), shard('S:b', 102, 122, 3)]);
  const { units, readAgain } = await countOnce();
  expect(units).toEqual({ 'documents S:a 0': 10, 'documents S:b 0': 3, 'documents/by_kind N:1 0': 13 });
  expect(new Set(readAgain.map(({ cluster }) => cluster)).size).toBe(2);
});

test('only what lies in the span counts, and what had arrived until then', async () => {
  await archiveRecords(folder, noon, [batch(100, 100, [entry(1)], -1), batch(101, 101, [entry(2)], 0)]);
  await archiveRecords(folder, noon, [batch(102, 102, [entry(4)], 60)]);
  await archiveRecords(folder, noon + 7_200, [batch(103, 103, [entry(8)], 30)]);
  expect((await countOnce()).units).toEqual({ 'documents S:a 0': 2, 'documents S:a 30': 8 });
  expect((await countOnce({ ...span, arrivedUntilSecond: noon + 3_600 })).units).toEqual({
    'documents S:a 0': 2,
  });
});
