import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CASE_START } from '../../../orchestrator/cases/case-time';
import { compareRows } from '../../../orchestrator/cases/compare-rows';
import { isInEpisodeOf, withoutEarlyRows } from '../../../orchestrator/cases/early-rows';
import type { GoldenCase, Row } from '../../../orchestrator/cases/golden-case';
import { judgeCase } from '../../../orchestrator/cases/judge-case';
import { caseNames, readCase } from '../../../orchestrator/cases/read-cases';
import { writeExpected } from '../../../orchestrator/cases/write-expected';
import { durationSeconds } from '../../../orchestrator/definition/parameters';
import { readDefinition } from '../../../orchestrator/definition/read-definition';
import { type UsageRecord, usageRecord } from '../../../lambdas/contracts/usage-record';
import { withoutEarlyExcesses } from '../../oracle/early-excesses';
import { heatOracle, type HeatQuestion, type OracleExcess } from '../../oracle/heat-oracle';

const flinkSql = resolve(__dirname, '../../../flink-sql');
const throttle = readDefinition(flinkSql, 'throttle');

/** What a case gives, without the records that it says are set aside. */
function countedRecords(golden: GoldenCase): UsageRecord[] {
  const aside = [...(golden.expected['late'] ?? []), ...(golden.expected['malformed'] ?? [])]
    .map((row) => row['record'])
    .filter((record): record is Row => typeof record === 'object' && record !== null);
  return golden.phases
    .flatMap(({ records }) => records)
    .flatMap(({ text }): UsageRecord[] => {
      if (!text.endsWith('}')) return [];
      const record = usageRecord.parse(JSON.parse(text));
      // A record that is counted and delivered again too late has one name: then it is the oracle's to count it once.
      const isCounted = !aside.some(
        (each) => each['batch'] === record.batch && golden.name !== 'delivered-twice-much-later',
      );
      return isCounted ? [record] : [];
    });
}

function questionOf({ parameters }: GoldenCase, window: string, limit: string): HeatQuestion {
  return {
    windowSeconds: durationSeconds(parameters[window] ?? '') ?? 0,
    limit: Number(parameters[limit]),
    limits: limit === 'limit' ? (JSON.parse(parameters['limits'] ?? '{}') as Record<string, number>) : {},
    cutover: Number(parameters['cutover']),
  };
}

/** The rows of one detection, in the oracle's words. */
function expectedOf(golden: GoldenCase, detection: string): OracleExcess[] {
  return (golden.expected['excess'] ?? [])
    .filter((row) => row['detection'] === detection)
    .map((row) =>
      Object.fromEntries(Object.entries(row).filter(([field]) => !['detection', 'action'].includes(field))),
    )
    .map((row) => ({
      ...(row as unknown as OracleExcess),
      windowStart: Number(row['windowStart']) + CASE_START,
      windowEnd: Number(row['windowEnd']) + CASE_START,
    }));
}

const detections = [
  ['partition-heat', 'window', 'limit'],
  ['burst', 'burst_window', 'burst_limit'],
] as const;

describe.each(caseNames(flinkSql, 'throttle'))('what throttle/%s expects', (name) => {
  const golden = readCase(flinkSql, throttle, name);

  it.each(detections)('of %s is what brute force finds', (detection, window, limit) => {
    const [records, question] = [countedRecords(golden), questionOf(golden, window, limit)];
    const stated = withoutEarlyExcesses(expectedOf(golden, detection), records, question);
    const rows = (excesses: OracleExcess[]): Row[] => excesses.map((excess) => ({ ...excess }));
    expect(compareRows('excess', rows(stated), rows(heatOracle(records, question)))).toBeUndefined();
  });
});

describe('rows are compared', () => {
  it('in any order, each as often as it occurs', () => {
    expect(compareRows('t', [{ a: 1 }, { b: 2, c: 3 }], [{ c: 3, b: 2 }, { a: 1 }])).toBeUndefined();
    expect(compareRows('t', [{ a: 1 }], [{ a: 1 }, { a: 1 }])).toEqual({
      ...{ table: 't', missing: [], differing: [] },
      unexpected: [{ a: 1 }],
    });
  });

  it('and one that is nearly right is shown by its fields, not twice', () => {
    const expected = { subject: 'a', units: 101, windowEnd: 5 };
    const actual = { subject: 'a', units: 102, windowEnd: 5 };
    expect(compareRows('t', [expected], [actual])).toEqual({
      ...{ table: 't', missing: [], unexpected: [] },
      differing: [{ expected, actual, fields: ['units'] }],
    });
  });
});

describe('a detection that speaks at once', () => {
  const closing = {
    ...{ detection: 'heat', resource: 'users', key: 'S:k', subject: 'a', limit: 100 },
    ...{ units: 130, peakSecondUnits: 70, activeSeconds: 2, windowStart: 0, windowEnd: 120 },
  };
  const early = { ...closing, units: 101, peakSecondUnits: 60 };
  const golden: GoldenCase = {
    ...{ application: 'heat', name: 'a', shows: 'a', folder: '', parameters: {}, shards: ['a'], startMs: 0 },
    ...{ phases: [], atOnce: ['heat'], referenced: ['heat'] },
    expected: { excess: [closing] },
  };
  const inEpochSeconds = (rows: Row[]): Row[] =>
    rows.map((row) => ({
      ...row,
      windowStart: Number(row['windowStart']) + CASE_START,
      windowEnd: Number(row['windowEnd']) + CASE_START,
    }));
  const judged = (rows: Row[], given: GoldenCase = golden): ReturnType<typeof judgeCase> =>
    judgeCase({
      ...{ case: given, tookMs: 1, tables: { excess: inEpochSeconds(rows) } },
      references: { excess: inEpochSeconds([closing]) },
    });

  it('may say what it says before its second is closed, once, even with all the units', () => {
    expect(judged([early, closing]).passed).toBe(true);
    expect(judged([closing, closing]).passed).toBe(true);
    expect(judged([closing]).passed).toBe(true);
  });

  it.each([
    ['no more than the limit', { ...early, units: 100 }],
    ['more units than there are in the end', { ...early, units: 131 }],
    ['a higher peak', { ...early, peakSecondUnits: 71 }],
    ['another action', { ...early, action: 'notify' }],
    ['another second', { ...early, windowEnd: 121, windowStart: 1 }],
    ['another subject', { ...early, subject: 'b' }],
  ])('and fails where what is early says %s', (_what, row) => {
    expect(judged([row, closing]).passed).toBe(false);
  });

  it('fails where it says so twice, and where it never says the whole', () => {
    expect(judged([early, early, closing]).passed).toBe(false);
    expect(judged([early]).passed).toBe(false);
  });

  it('fails where it does not say that it speaks at once', () => {
    expect(judged([early, closing], { ...golden, atOnce: [] }).passed).toBe(false);
  });

  it('may speak inside an episode where its reference does not, if the case says so', () => {
    const inside = { ...early, windowEnd: 130, windowStart: 10 };
    expect(judged([closing, inside], { ...golden, expected: { excess: [closing, inside] } }).passed).toBe(
      true,
    );
    const outside = { ...early, windowEnd: 240, windowStart: 120 };
    const { differences, referenceDifferences } = judged([closing, outside], {
      ...golden,
      expected: { excess: [closing, outside] },
    });
    expect(differences).toEqual([]);
    expect(referenceDifferences).toMatchObject([{ table: 'excess', missing: [], unexpected: [outside] }]);
  });
});

describe('a detection that ranks the subjects of a key and speaks at once', () => {
  const closing = {
    ...{ detection: 'shared', resource: 'users', key: 'S:k', subject: 'a', limit: 100, windowStart: 0 },
    ...{
      units: 60,
      peakSecondUnits: 60,
      activeSeconds: 1,
      windowEnd: 120,
      rank: 2,
      share: 0.4,
      keyUnits: 150,
    },
  };
  const early = { ...closing, units: 55, rank: 1, share: 0.5, keyUnits: 110 };

  it('may give a subject more of the key than it has in the end, and less of everything else', () => {
    expect(withoutEarlyRows([early, closing], ['shared'])).toEqual([closing]);
  });

  it.each([
    ['no more of the key than the limit', { ...early, keyUnits: 100 }],
    ['more of the key than there is in the end', { ...early, keyUnits: 151 }],
    ['more of the subject', { ...early, units: 61 }],
    ['another subject', { ...early, subject: 'b' }],
  ])('and keeps a row that says %s', (_what, row) => {
    expect(withoutEarlyRows([row, closing], ['shared'])).toHaveLength(2);
  });

  it('is in an episode with what is said of the key, and of one subject that passes the limit alone', () => {
    const { rank, share, keyUnits, ...alone } = { ...closing, detection: 'heat', units: 101 };
    expect([rank, share, keyUnits]).not.toContain(undefined);
    expect(isInEpisodeOf({ ...early, subject: 'b' }, closing)).toBe(true);
    expect(isInEpisodeOf({ ...early, subject: 'b' }, alone)).toBe(true);
    expect(isInEpisodeOf({ ...early, key: 'S:other' }, closing)).toBe(false);
    expect(isInEpisodeOf({ ...early, windowStart: 120, windowEnd: 240 }, closing)).toBe(false);
    expect(isInEpisodeOf({ ...early, keyUnits: 100 }, closing)).toBe(false);
  });
});

test('an update writes what came out, keeps the comment at the top, and removes what stays empty', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-case-'));
  try {
    writeFileSync(join(folder, 'excess.jsonl'), '// Why.\n{"units": 1}\n');
    writeFileSync(join(folder, 'late.jsonl'), '{"reason": "late"}\n');
    const golden: GoldenCase = {
      ...{ application: 'heat', name: 'a', shows: 'a', folder, parameters: {}, shards: ['a'], startMs: 0 },
      ...{ phases: [], atOnce: [], referenced: [] },
      expected: { excess: [{ units: 1 }], late: [{ reason: 'late' }] },
    };
    const row = { version: 1, application: 'heat', generation: 1, units: 2, windowEnd: CASE_START + 7 };
    const judged = judgeCase({ case: golden, tookMs: 1, tables: { excess: [row] } });
    expect(judged.passed).toBe(false);
    expect(writeExpected(judged)).toEqual([join(folder, 'excess.jsonl'), join(folder, 'late.jsonl')]);
    expect(readFileSync(join(folder, 'excess.jsonl'), 'utf8')).toBe('// Why.\n{"units":2,"windowEnd":7}\n');
    expect(() => readFileSync(join(folder, 'late.jsonl'))).toThrow('ENOENT');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
