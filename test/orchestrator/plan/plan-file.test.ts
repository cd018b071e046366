import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlanFile, writePlanFile } from '../../../orchestrator/plan/plan-file';
import { UserFault } from '../../../orchestrator/user-fault';
import { limitVerdict, planned } from './world';

const plan = planned({ set: { limit: '5' }, verdicts: [limitVerdict] });
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
  file = join(folder, 'plan.json');
  writePlanFile(file, plan);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function edit(change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function refusal(version = '1.0.0'): string {
  try {
    readPlanFile(file, version);
  } catch (fault) {
    if (fault instanceof UserFault) return fault.message;
    throw fault;
  }
  return 'it was read';
}

test('what was written is read as it was, and frozen', () => {
  const read = readPlanFile(file, '1.0.0');
  expect(read).toEqual(plan);
  expect(Object.isFrozen(read.steps)).toBe(true);
});

test('layout is no edit', () => {
  edit((text) => JSON.stringify(JSON.parse(text)));
  expect(readPlanFile(file, '1.0.0')).toEqual(plan);
});

test.each([
  ['a value', (text: string) => text.replace('"limit": "5"', '"limit": "50000"')],
  ['a step less', (text: string) => text.replace('"snapshot"', '"delete"')],
  ['a member more', (text: string) => text.replace('{', '{ "force": true,')],
])('%s is an edit, and refused', (_what, change) => {
  edit(change);
  expect(refusal()).toContain('was edited after it was made');
});

test('a plan of another version is refused, by its version', () => {
  expect(refusal('1.1.0')).toContain('was made by spillway 1.0.0, and this is 1.1.0');
  edit((text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2'));
  expect(refusal()).toContain('was made by spillway 1.0.0');
});

test('what is no plan is refused, and what is not there', () => {
  edit(() => '{}');
  expect(refusal()).toContain('is no plan: make it again with `spillway plan --out FILE`');
  edit(() => 'no JSON');
  expect(refusal()).toContain('is no plan');
  file = join(folder, 'none.json');
  expect(refusal()).toContain('cannot be read');
});
