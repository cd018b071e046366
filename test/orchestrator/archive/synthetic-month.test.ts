import { rmSync } from 'node:fs';
import { z } from 'zod';
import { openFolderArchive } from '../../../orchestrator/archive/folder-archive';
import { usageOnce } from '../../../orchestrator/archive/entries-sql';
import { makeMonth, type Month } from '../../bench/archive/make-month';
import { monthSeconds, type MonthSize, shards, smallMonth } from '../../bench/archive/month-size';
import { newFolder } from './archive-folder';

const size: MonthSize = { ...smallMonth, batches: 6_000, entriesPerBatch: 4, subjects: 120 };
const seed = 7;

let folder: string;
let month: Month;

beforeAll(async () => {
  folder = newFolder();
  month = await makeMonth(folder, seed, size);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The drawing's rule once more, in JavaScript: what month-sql.ts says in SQL. */
function drawnUnits(): Map<string, number> {
  const mixed = (value: number): number => {
    const once =
      ((BigInt(value) % 2147483647n) * 1103515245n + ((BigInt(seed) * 7919n + 12345n) % 2147483647n)) %
      2147483647n;
    return Number(((once / 7n) * 69621n + 11n) % 2147483647n);
  };
  const units = new Map<string, number>();
  for (let b = 0; b < size.batches; b++) {
    const source = b % shards < 4 ? 'documents' : 'orders';
    const start = mixed(b) % size.subjects;
    for (let k = 0; k < size.entriesPerBatch; k++) {
      const subject = (start + k * 7) % size.subjects;
      const writes = (subject % 50 === 0 ? 150 : 1) + (mixed(b * 31 + k) % 18);
      const name = `app_${subject} ${source}${k % 4 === 3 ? '/by_kind' : ''}`;
      units.set(name, (units.get(name) ?? 0) + writes * (1 + (mixed(b * 17 + k * 3) % 4)));
    }
  }
  return units;
}

test('the ledger is what a brute force over the same drawing adds up to', () => {
  const ledger = new Map(
    month.ledger.map(({ subject, resource, units }) => [`${subject} ${resource}`, units]),
  );
  expect(ledger).toEqual(drawnUnits());
});

test('the archive has more than that, and counts it once: the ledger to the unit, for each subject and resource', async () => {
  const archive = await openFolderArchive(folder);
  try {
    const { batches, records } = month;
    for (const count of Object.values(batches)) expect(count).toBeGreaterThan(0);
    const { twice, againLater, split, longer } = batches;
    expect(records).toBe(batches.all + twice + againLater + 2 * split + longer);

    const { sql, readAgain } = await usageOnce(archive, monthSeconds(size.month));
    const counted = await archive.query(
      `SELECT subject, resource, SUM(units) AS units, SUM(writes) AS writes FROM (${sql}) AS entries
       GROUP BY subject, resource ORDER BY subject, resource`,
      z.object({ subject: z.string(), resource: z.string(), units: z.number(), writes: z.number() }),
    );
    expect(counted.rows).toEqual(month.ledger);
    expect(readAgain).toHaveLength(3 * split + 2 * longer);

    const next = await archive.hours();
    expect(next.some(({ day }) => day.startsWith('2026-11'))).toBe(true);
  } finally {
    archive.close();
  }
});
