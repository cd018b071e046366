import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runSpillway } from '../run-spillway';

const flinkSql = resolve(__dirname, '../../../flink-sql');

let definitions: string;

beforeAll(() => {
  definitions = mkdtempSync(join(tmpdir(), 'spillway-cases-'));
  const throttle = join(definitions, 'throttle');
  for (const path of ['application.json', 'tables', 'detections', 'cases/one-unit-over']) {
    cpSync(join(flinkSql, 'throttle', path), join(throttle, path), { recursive: true });
  }
});

afterAll(() => rmSync(definitions, { recursive: true, force: true }));

const caseFile = (file: string): string => join(definitions, 'throttle/cases/one-unit-over', file);

/** Runs the command with another text in one of the case's files, then puts the text back. */
async function withFile(
  file: string,
  text: string,
  args: readonly string[] = [],
): ReturnType<typeof runSpillway> {
  const before = readFileSync(caseFile(file), 'utf8');
  writeFileSync(caseFile(file), text);
  try {
    return await runSpillway(['test', '--definitions', definitions, ...args]);
  } finally {
    writeFileSync(caseFile(file), before);
  }
}

interface Tested {
  passed: number;
  failed: number;
  firstAnswerSeconds: number;
  cases: { case: string; passed: boolean; error?: string; differences: object[] }[];
}

test('every case of every application comes out as it expects', async () => {
  const { exitCode, stdout, stderr } = await runSpillway(['test', '--json', '--definitions', flinkSql]);
  expect(stderr).toBe('');
  const tested = JSON.parse(stdout) as Tested;
  expect(tested.cases.filter(({ passed }) => !passed)).toEqual([]);
  expect(tested.passed).toBeGreaterThanOrEqual(22);
  expect(exitCode).toBe(0);
}, 300_000);

test('a wrong expectation fails readably, and is not rewritten unasked', async () => {
  const wrong = readFileSync(caseFile('excess.jsonl'), 'utf8').replace('"units": 101', '"units": 102');
  const more = '{"detection":"partition-heat","subject":"nobody"}\n';
  const { exitCode, stdout, stderr } = await withFile('excess.jsonl', `${wrong}${more}`, ['--update']);
  expect(exitCode).toBe(1);
  const lines = stdout.split('\n').map((line) => line.trim());
  expect(lines[0]).toMatch(/^FAIL +[\d.]+ s {2}throttle\/one-unit-over: One unit more than the limit/);
  expect(lines[1]).toBe('excess.jsonl: 1 missing, 0 unexpected, 1 differing');
  expect(lines[2]).toBe(`- missing     ${more.trim()}`);
  expect(lines[3]).toMatch(/^~ differs {5}\{"detection":"partition-heat".*"units":102/);
  expect(lines[4]).toBe('units: expected 102, came 101');
  expect(lines[5]).toMatch(/^one case, 1 failed; first answer after [\d.]+ s, all after [\d.]+ s$/);
  expect(stderr).toContain('then add --yes');
}, 300_000);

test('a case that is not there is said with the nearest name', async () => {
  const { exitCode, stderr } = await runSpillway([
    'test',
    'throttle',
    'one-unit-ower',
    '--definitions',
    flinkSql,
  ]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/throttle has no case "one-unit-ower" \(did you mean "one-unit-over"\?\)/);
});

test('an application without cases says what a case is', async () => {
  const { exitCode, stderr } = await runSpillway([
    'test',
    '--definitions',
    resolve(__dirname, '../definitions'),
  ]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/there are no cases: a case is a folder .*case\.json/);
});

test.each([
  [
    'a line that is no JSON',
    'input.jsonl',
    '// first\n{"second": 0,}\n',
    /input\.jsonl:2 {2}this line is no JSON/,
  ],
  ['a field that is not known', 'input.jsonl', '{"second": 0, "unitz": 1}\n', /input\.jsonl:1 .*unitz/],
  ['a record without units', 'input.jsonl', '{"second": 0}\n', /input\.jsonl:1 {2}units: how many/],
  [
    'a record that is read before it came',
    'input.jsonl',
    '{"second": 0, "units": 1, "at": 5, "readAt": 4}\n',
    /input\.jsonl:1 {2}readAt is before at/,
  ],
  [
    'lines in another order than that of reading',
    'input.jsonl',
    '{"second": 9, "units": 1}\n{"second": 0, "units": 1}\n',
    /input\.jsonl:2 {2}it is read before the line above/,
  ],
  ['no record at all', 'input.jsonl', '// nothing\n', /input\.jsonl {2}it holds no record/],
  ['a row that is no object', 'excess.jsonl', '[]\n', /excess\.jsonl:1 {2}this line is no JSON object/],
  ['a case that does not say what it shows', 'case.json', '{}', /case\.json:1 {2}shows: /],
  [
    'a parameter that is not declared',
    'parameters.json',
    '{\n  "limt": 5\n}',
    /parameters\.json:2 {2}"limt" is no parameter \(did you mean "limit"\?\)/,
  ],
])('%s is named by file and line', async (_situation, file, text, message) => {
  const { exitCode, stderr } = await withFile(file, text);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(message);
});
