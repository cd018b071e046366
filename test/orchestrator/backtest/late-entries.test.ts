import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UsageEntry, UsageRecord } from '../../../lambdas/contracts/usage-record';
import { LateEntries, type LateEntry, readLateEntries } from '../../../orchestrator/backtest/late-entries';

const [one, other] = ['app_1', 'app_2'].map((subject): UsageEntry => ({
  resource: 'users',
  key: 'S:k',
  subject,
  units: 5,
  writes: 1,
})) as [UsageEntry, UsageEntry];

function record(...entries: UsageEntry[]): UsageRecord {
  return { version: 1, source: 'users', batch: 'b', part: 0, second: 1_790_856_000, entries };
}

function left(late: readonly UsageEntry[], copies: readonly UsageRecord[]): [UsageEntry[][], string[]] {
  const entries = new LateEntries();
  for (const entry of late) entries.add(record(), entry);
  const out: LateEntry[] = [];
  const heard = entries.withoutLate(copies, out).map((each) => [...each.entries]);
  return [heard, out.map(({ subject }) => subject)];
}

test('an entry that came late is left out, the others of its record are heard', () => {
  expect(left([one], [record(one, other)])).toEqual([[[other]], ['app_1']]);
  expect(left([one], [record(one)])).toEqual([[], ['app_1']]);
  expect(left([], [record(one, other)])).toEqual([[[one, other]], []]);
});

test('one that was delivered twice is heard if one copy came in time', () => {
  expect(left([one], [record(one), record(one)])).toEqual([[[one], [one]], []]);
  expect(left([one, one], [record(one, other), record(one, other)])).toEqual([[[other], [other]], ['app_1']]);
});

test('a file of the set-aside stream is read, and a line that is none is named', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'spillway-late-')), 'late.jsonl');
  const aside = { version: 1, setAsideBy: 'flink', reason: 'late', detail: 'it came late' };
  const line = JSON.stringify({ ...aside, record: JSON.stringify(record(one)) });
  const malformed = JSON.stringify({ ...aside, reason: 'malformed', record: '{' });
  writeFileSync(file, `${line}\n${malformed}\n`);
  const out: LateEntry[] = [];
  expect(readLateEntries(file).withoutLate([record(one, other)], out)).toEqual([record(other)]);
  expect(out).toMatchObject([{ subject: 'app_1', second: 1_790_856_000, units: 5 }]);

  writeFileSync(file, `${line}\n{"reason":"late"}\n`);
  expect(() => readLateEntries(file)).toThrow(/late\.jsonl:2 {2}it is no record of the set-aside stream/);
  expect(() => readLateEntries(`${file}.gone`)).toThrow(/there is no such file/);
});
