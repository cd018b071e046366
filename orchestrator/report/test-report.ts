import type { TableDifference } from '../cases/compare-rows';
import type { Row } from '../cases/golden-case';
import type { JudgedCase } from '../cases/judge-case';

/** How long the cases took, in seconds. */
export interface TestTimes {
  /** Until the first outcome: the JVM's and Flink's start, and the first plan. */
  readonly firstAnswerSeconds: number;
  readonly tookSeconds: number;
}

/** One case as lines: whether it passed, how long it took, what it shows; below it what differs. */
export function caseText({ outcome, differences, referenceDifferences, passed }: JudgedCase): string {
  const { application, name, shows } = outcome.case;
  const took = `${(outcome.tookMs / 1_000).toFixed(1)} s`.padStart(6);
  const head = `${passed ? 'ok  ' : 'FAIL'} ${took}  ${application}/${name}: ${shows}\n`;
  const error = outcome.error === undefined ? '' : `${indented(`it could not be run: ${outcome.error}`)}\n`;
  const inFiles = differences.map((each) => differenceText(`${each.table}.jsonl`, each));
  const besideReferences = referenceDifferences.map((each) =>
    differenceText(`${each.table}, beside what references/ says`, each),
  );
  return [head, error, ...inFiles, ...besideReferences].join('');
}

export function summaryText(judged: readonly JudgedCase[], times: TestTimes): string {
  const failed = judged.filter(({ passed }) => !passed).length;
  const count = judged.length === 1 ? 'one case' : `${judged.length} cases`;
  const result = failed === 0 ? 'all right' : `${failed} failed`;
  return `${count}, ${result}; first answer after ${times.firstAnswerSeconds.toFixed(1)} s, all after ${times.tookSeconds.toFixed(1)} s\n`;
}

export function testJson(judged: readonly JudgedCase[], times: TestTimes): object {
  return {
    schemaVersion: 1,
    command: 'test',
    passed: judged.filter(({ passed }) => passed).length,
    failed: judged.filter(({ passed }) => !passed).length,
    ...times,
    cases: judged.map(({ outcome, differences, referenceDifferences, passed }) => ({
      application: outcome.case.application,
      case: outcome.case.name,
      shows: outcome.case.shows,
      passed,
      tookMs: outcome.tookMs,
      ...(outcome.error === undefined ? {} : { error: outcome.error }),
      differences,
      referenceDifferences,
    })),
  };
}

function differenceText(place: string, { missing, unexpected, differing }: TableDifference): string {
  const lines = [
    `${place}: ${missing.length} missing, ${unexpected.length} unexpected, ${differing.length} differing`,
    ...missing.map((row) => `- missing     ${rowText(row)}`),
    ...unexpected.map((row) => `+ unexpected  ${rowText(row)}`),
    ...differing.flatMap(({ expected, actual, fields }) => [
      `~ differs     ${rowText(expected)}`,
      ...fields.map(
        (field) => `    ${field}: expected ${said(expected[field])}, came ${said(actual[field])}`,
      ),
    ]),
  ];
  return `${lines.map(indented).join('\n')}\n`;
}

function rowText(row: Row): string {
  return JSON.stringify(row);
}

function said(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function indented(text: string): string {
  return text.replace(/^/gm, '       ');
}
