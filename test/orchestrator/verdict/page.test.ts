import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { allRules } from '../../../orchestrator/verdict/all-rules';
import { planSituations, setSituations, settingSituations, together } from './situations';

const root = resolve(__dirname, '../../..');

test('docs/verdicts.md lists every rule with its verdict, its reason and the way, and no other', () => {
  const rows = readFileSync(join(root, 'docs/verdicts.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const page = rows.map(([, code = '', verdict, help, way]) => ({
    ...{ code: code.replaceAll('`', ''), verdict, help, way },
  }));
  expect(page).toEqual(allRules.map(({ code, verdict, help, way }) => ({ code, verdict, help, way })));
});

test('every rule has a code of its own and a situation that is restored from a savepoint', () => {
  const codes = allRules.map(({ code }) => code);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  const alone = [...planSituations, ...setSituations, ...settingSituations];
  const tried = new Set([...Object.values(together), ...alone].map(({ code }) => code));
  // The first three say that nothing is known; streams need a Kinesis, see restored-streams.ts.
  const otherwise = [
    ...['unknown-change', 'flink-version', 'function-argument-undeclared'],
    ...['source-stream', 'source-position', 'sink-stream'],
  ];
  expect(codes.filter((code) => !tried.has(code) && !otherwise.includes(code))).toEqual([]);
});
