import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UsageEntry, UsageRecord } from '../../../lambdas/contracts/usage-record';
import { archiveRecords } from '../archive/archive-folder';

/** 2026-10-01T12:00:00Z */
export const tenantsFrom = 1_790_856_000;
export const tenantsSeconds = 1_200;

/**
 * Twenty minutes of a table with three quiet tenants and three that are not:
 *
 * - `app_import` writes 300 units a second for 110 s: much, and no harm to anybody.
 * - `app_loop` takes 600 a second for two minutes, and then more than its partition gives.
 * - `app_agreed` takes 700 a second for 100 s, as was agreed with it.
 *
 * Every 17th record is delivered twice.
 */
export function tenantsUsage(): UsageRecord[] {
  return Array.from({ length: tenantsSeconds }, (_, at) => at).flatMap((at) => {
    const entries: UsageEntry[] = ['app_a', 'app_b', 'app_c'].map((subject) => entryOf(subject, 5));
    if (at >= 100 && at < 210) entries.push(entryOf('app_import', 300));
    if (at >= 300 && at < 420) entries.push(entryOf('app_loop', 600));
    if (at >= 420 && at < 540) entries.push(entryOf('app_loop', 1_250));
    if (at >= 700 && at < 800) entries.push(entryOf('app_agreed', 700));
    const name = { version: 1 as const, source: 'documents', batch: `batch-${at}`, part: 0 };
    const record = { ...name, second: tenantsFrom + at, entries };
    return at % 17 === 0 ? [record, record] : [record];
  });
}

function entryOf(subject: string, units: number): UsageEntry {
  return { resource: 'documents', key: `S:${subject}`, subject, units, writes: Math.ceil(units / 3) };
}

/** An archive with these records, each in the hour in which it came; answers its folder. */
export async function archiveOf(records: readonly UsageRecord[], lagSeconds = 2): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-archive-'));
  const hours = new Map<number, UsageRecord[]>();
  for (const record of records) {
    const hour = Math.floor((record.second + lagSeconds) / 3_600);
    const there = hours.get(hour);
    if (there === undefined) hours.set(hour, [record]);
    else there.push(record);
  }
  for (const [hour, of] of hours) await archiveRecords(folder, hour * 3_600, of);
  return folder;
}
