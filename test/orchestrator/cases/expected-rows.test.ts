import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CASE_START } from '../../../orchestrator/cases/case-time';
import { compareRows } from '../../../orchestrator/cases/compare-rows';
import type { GoldenCase, Row } from '../../../orchestrator/cases/golden-case';
import { judgeCase } from '../../../orchestrator/cases/judge-case';
import { caseNames, readCase } from '../../../orchestrator/cases/read-cases';
import { writeExpected } from '../../../orchestrator/cases/write-expected';
import { durationSeconds } from '../../../orchestrator/definition/parameters';
import { readDefinition } from '../../../orchestrator/definition/read-definition';
import { type UsageRecord, usageRecord } from '../../../lambdas/contracts/usage-record';
import { heatOracle, type HeatQuestion } from '../../oracle/heat-oracle';

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

/** The rows of one detection, without what the oracle does not say. */
function expectedOf(golden: GoldenCase, detection: string): object[] {
  return (golden.expected['excess'] ?? [])
    .filter((row) => row['detection'] === detection)
    .map((row) =>
      Object.fromEntries(Object.entries(row).filter(([field]) => !['detection', 'action'].includes(field))),
    );
}

const detections = [
  ['partition-heat', 'window', 'limit'],
  ['burst', 'burst_window', 'burst_limit'],
] as const;

describe.each(caseNames(flinkSql, 'throttle'))('what throttle/%s expects', (name) => {
  const golden = readCase(flinkSql, throttle, name);

  it.each(detections)('of %s is what brute force finds', (detection, window, limit) => {
    const found = heatOracle(countedRecords(golden), questionOf(golden, window, limit)).map(
      ({ windowStart, windowEnd, ...rest }) => ({
        ...rest,
        windowStart: windowStart - CASE_START,
        windowEnd: windowEnd - CASE_START,
      }),
    );
    expect(compareRows('excess', expectedOf(golden, detection) as Row[], found)).toBeUndefined();
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

test('an update writes what came out, keeps the comment at the top, and removes what stays empty', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-case-'));
  try {
    writeFileSync(join(folder, 'excess.jsonl'), '// Why.\n{"units": 1}\n');
    writeFileSync(join(folder, 'late.jsonl'), '{"reason": "late"}\n');
    const golden: GoldenCase = {
      ...{ application: 'heat', name: 'a', shows: 'a', folder, parameters: {}, shards: ['a'], startMs: 0 },
      phases: [],
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
