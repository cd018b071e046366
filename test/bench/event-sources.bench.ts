import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../infra/local/processes/work-folder';
import { isNamed, specRules } from '../infra/local/event-sources/spec-rules';
import { type BenchResult, exactly } from './bench';

/** What jest writes with --json, as far as it is read here. */
interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

const folders = ['test/infra/local/event-sources', 'test/infra/local/kinesis-front'];

/** Runs the tests of the event sources and of the Kinesis front on real servers, and holds their specs against them. */
export async function bench(): Promise<BenchResult> {
  const { testResults } = await runTests();
  const cases = testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ title, status }) => ({ title, holds: status === 'passed' })),
  );
  const rules = specRules().map(({ document, rule, tests }) => {
    const held = tests.map((name) => cases.filter(({ title }) => isNamed(name, title)));
    // A rule whose tests did not run does not hold.
    const holds =
      held.length > 0 && held.every((found) => found.length > 0 && found.every((one) => one.holds));
    return { rule: `${document}: ${rule}`, holds };
  });
  // A file that could not be loaded has no cases that could fail.
  const unread = testResults
    .filter(({ assertionResults }) => assertionResults.length === 0)
    .map(({ name }) => name);
  const holding = (all: readonly { readonly holds: boolean }[]): number =>
    all.filter(({ holds }) => holds).length;
  return {
    bench: 'event-sources',
    aims: [
      exactly('cases holding', cases.length, holding(cases), `of ${cases.length} cases`),
      exactly('rules of the specs holding', rules.length, holding(rules), `of ${rules.length} rules`),
      exactly('files of cases that could not be run', 0, unread.length, 'files'),
    ],
    details: { cases, rules, unread },
  };
}

async function runTests(): Promise<JestReport> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const report = join(folder, 'report.json');
  try {
    const jest = join(repositoryRoot, 'node_modules', 'jest', 'bin', 'jest.js');
    const child = spawn(process.execPath, [jest, '--json', '--outputFile', report, ...folders], {
      cwd: repositoryRoot,
      // These tests start the servers they need, which are fewer than a whole system's.
      env: { ...process.env, SPILLWAY_NO_SYSTEM: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await once(child, 'exit');
    return JSON.parse(readFileSync(report, 'utf8')) as JestReport;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
