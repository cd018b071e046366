import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { shellCheck } from '../../parts/shell-check';

// The workflows and scripts for users' repositories: what they may do, and that they are right.
const ci = resolve(__dirname, '..', '..', '..', 'infra', 'ci');
const workflows = readdirSync(join(ci, 'github')).filter((file) => file.endsWith('.yml'));
const scripts = readdirSync(ci).filter((file) => file.endsWith('.sh'));
const text = (file: string): string => readFileSync(join(ci, 'github', file), 'utf8');
const run = promisify(execFile);

/** Rejects where actionlint finds something in the folder's workflows. */
function lint(folder: string): Promise<{ stdout: string }> {
  const program = join(
    ci,
    '..',
    '..',
    'node_modules',
    '@tktco',
    'node-actionlint',
    'bin',
    'node-actionlint.js',
  );
  return run(process.execPath, [program, join(folder, '*.yml')]);
}

test('there are workflows for a pull request, a merge and the night', () => {
  expect(workflows).toEqual(['spillway-apply.yml', 'spillway-drift.yml', 'spillway-pull-request.yml']);
});

test('actionlint finds nothing in them', async () => {
  const { stdout } = await lint(join(ci, 'github'));
  expect(stdout).toContain(`Checking ${workflows.length} workflow file(s)`);
});

test('actionlint would find something', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-workflow-'));
  writeFileSync(join(folder, 'wrong.yml'), 'on: push\njobs: { a: { runs-on: ubuntu-latest, stpes: [] } }\n');
  const linted = lint(folder);
  await expect(linted).rejects.toMatchObject({ stdout: expect.stringContaining('stpes') as string });
  rmSync(folder, { recursive: true });
});

test.each([...workflows, 'set-up/action.yml'])('%s: actions have a version, and nobody has a key', (file) => {
  const used = [...text(file).matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
  expect(used.length).toBeGreaterThan(0);
  for (const action of used) expect(action).toMatch(/@(v\d+|[0-9a-f]{40})$|^\.\/infra\/ci\/github\/set-up$/);
  expect(text(file)).not.toMatch(/secrets\.|aws-access-key|AWS_SECRET/);
});

test.each(workflows)('%s: a job has the permissions that it names, and no others', (file) => {
  expect(text(file)).toMatch(/^permissions: {}$/m);
  const jobs =
    text(file)
      .split(/^jobs:$/m)[1]
      ?.split(/^ {2}[a-z]+:$/m)
      .slice(1) ?? [];
  for (const job of jobs) {
    expect(job).toMatch(/^ {4}permissions:$/m);
    // What speaks to AWS writes nothing in the repository, and what writes there has no credentials.
    const writes = [...job.matchAll(/^ {6}([a-z-]+): write$/gm)].map(([, scope]) => scope);
    expect(writes.length).toBeLessThanOrEqual(1);
    expect(job.includes('configure-aws-credentials')).toBe(writes.includes('id-token'));
  }
});

test.each(workflows)('%s: what it runs is a script of infra/ci, which the other tests run', (file) => {
  const called = [...text(file).matchAll(/infra\/ci\/[a-z/-]+\.(?:sh|mjs)/g)].map(([path]) => path);
  expect(called.length).toBeGreaterThan(0);
  for (const path of called) expect(existsSync(join(ci, '..', '..', path))).toBe(true);
});

test('shellcheck finds nothing in the scripts', async () => {
  const check = await shellCheck();
  const paths = scripts.map((file) => join(ci, file));
  await expect(run(check, ['-x', '-P', ci, ...paths])).resolves.toMatchObject({ stdout: '' });
});
