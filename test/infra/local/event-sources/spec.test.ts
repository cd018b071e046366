import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNamed, specRules } from './spec-rules';

const folders = [__dirname, join(__dirname, '../kinesis-front')];

/** The titles of the tests in the files, as they are written. */
function titles(): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.test.ts') && name !== 'spec.test.ts')
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
  const call = /(?:^test|\]\))\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/gm;
  return files.flatMap((text) =>
    [...text.matchAll(call)].map(([, single, double]) => single ?? double ?? ''),
  );
}

test('every rule of the specs names tests, and they are there', () => {
  const rules = specRules();
  const there = titles();
  const missing = rules.flatMap(({ rule, tests }) =>
    tests.length === 0
      ? [`no test: ${rule}`]
      : tests.filter((name) => !there.some((title) => isNamed(name, title))),
  );
  expect(rules.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});

test('every test of these folders holds a rule', () => {
  const named = specRules().flatMap(({ tests }) => tests);
  const idle = titles().filter((title) => !named.some((name) => isNamed(name, title)));
  expect(idle).toEqual([]);
});
