import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openFolderArchive } from '../../../orchestrator/archive/folder-archive';
import type { ArchivedRecord, Span, UsageArchive } from '../../../orchestrator/archive/usage-archive';
import { archiveRecords, newFolder, usage } from './archive-folder';

const noon = Date.UTC(2026, 9, 1, 12) / 1_000;

let folder: string;
let archive: UsageArchive | undefined;

beforeEach(() => {
  folder = newFolder();
});
afterEach(() => {
  archive?.close();
  archive = undefined;
  rmSync(folder, { recursive: true });
});

async function recordsOf(span: Span): Promise<ArchivedRecord[]> {
  archive = await openFolderArchive(folder, { threads: 1, memoryMegabytes: 256 });
  const found: ArchivedRecord[] = [];
  for await (const batch of archive.records(span)) found.push(...batch);
  return found;
}

test('records come in order of event time, as they were archived, with their hour of arrival', async () => {
  const late = usage({ second: noon + 1, batch: 'late', firstSequence: '7', lastSequence: '9' });
  await archiveRecords(folder, noon + 7_200, [late]);
  await archiveRecords(folder, noon, [usage({ second: noon + 2 }), usage({ second: noon })]);
  expect(await recordsOf({ fromSecond: noon, untilSecond: noon + 3 })).toEqual([
    { record: usage({ second: noon }), arrived: { day: '2026-10-01', hour: '12' } },
    { record: late, arrived: { day: '2026-10-01', hour: '14' } },
    { record: usage({ second: noon + 2 }), arrived: { day: '2026-10-01', hour: '12' } },
  ]);
});

test('a span ends before its last second', async () => {
  await archiveRecords(
    folder,
    noon,
    [-1, 0, 9, 10].map((at) => usage({ second: noon + at })),
  );
  const found = await recordsOf({ fromSecond: noon, untilSecond: noon + 10 });
  expect(found.map(({ record }) => record.second)).toEqual([noon, noon + 9]);
});

test('what arrived after the hour that bounds a span is not read; an object of the hour before it is', async () => {
  await archiveRecords(folder, noon - 1, [usage({ second: noon, batch: 'object-of-before' })]);
  await archiveRecords(folder, noon + 3_600, [usage({ second: noon, batch: 'next-hour' })]);
  await archiveRecords(folder, noon + 7_200, [usage({ second: noon, batch: 'too-late' })]);
  const span = { fromSecond: noon, untilSecond: noon + 1, arrivedUntilSecond: noon + 3_600 };
  const found = await recordsOf(span);
  expect(found.map(({ record }) => record.batch)).toEqual(['next-hour', 'object-of-before']);
});

test('hours tell how many objects of what size arrived, the oldest first', async () => {
  await archiveRecords(folder, noon + 3_600, [usage({ second: noon })]);
  await archiveRecords(folder, noon, [usage({ second: noon })], 'usage-1');
  await archiveRecords(folder, noon, [usage({ second: noon })], 'usage-2');
  writeFileSync(join(folder, 'not-of-it.txt'), '');
  archive = await openFolderArchive(folder);
  expect(await archive.hours()).toEqual([
    { day: '2026-10-01', hour: '12', objects: 2, bytes: expect.any(Number) as number },
    { day: '2026-10-01', hour: '13', objects: 1, bytes: expect.any(Number) as number },
  ]);
});

test('the snapshot is the same for the same content, and another one with one record more', async () => {
  const snapshot = async (): Promise<string> => {
    const opened = await openFolderArchive(folder);
    const { hash } = await opened.snapshot();
    opened.close();
    return hash;
  };
  await archiveRecords(folder, noon, [usage({ second: noon })]);
  const first = await snapshot();
  await archiveRecords(folder, noon, [usage({ second: noon })]);
  expect(await snapshot()).toBe(first);
  await archiveRecords(folder, noon, [usage({ second: noon }), usage({ second: noon + 1 })]);
  expect(await snapshot()).not.toBe(first);
});

test('a query sees the table usage; days and hours are text', async () => {
  await archiveRecords(folder, noon, [usage({ second: noon })]);
  archive = await openFolderArchive(folder);
  const row = z.object({ day: z.string(), hour: z.string(), records: z.number() });
  const { rows, bytesScanned } = await archive.query(
    'SELECT day, hour, COUNT(*) AS records FROM usage GROUP BY day, hour',
    row,
  );
  expect(rows).toEqual([{ day: '2026-10-01', hour: '12', records: 1 }]);
  expect(bytesScanned).toBeUndefined();
});

test('an archive in which nothing arrived yet answers with nothing', async () => {
  expect(await recordsOf({ fromSecond: noon, untilSecond: noon + 1 })).toEqual([]);
  expect(await archive?.hours()).toEqual([]);
});

test('a folder that is not there, and SQL that is none, are said', async () => {
  await expect(openFolderArchive(join(folder, 'none'))).rejects.toThrow(/there is no archive in/);
  archive = await openFolderArchive(folder);
  await expect(archive.query('SELECT nothing FROM usage', z.object({}))).rejects.toThrow(
    /did not answer.*nothing/s,
  );
});
