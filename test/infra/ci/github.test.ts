import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { StandIn } from '../../orchestrator/stand-ins/http-server';
import { type Repository, startGitHub } from './github-stand-in';

// What the workflows write into GitHub, as processes, against a stand-in for its API.
const scripts = resolve(__dirname, '..', '..', '..', 'infra', 'ci', 'github');
let gitHub: StandIn;
let repository: Repository;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-github-'));
  repository = { comments: [], issues: [], pulls: {}, runs: [] };
  gitHub = await startGitHub(repository);
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await gitHub.stop();
});

function write(file: string, text: string): string {
  writeFileSync(join(folder, file), text);
  return join(folder, file);
}

function run(script: string, args: string[], variables: Record<string, string> = {}): Promise<unknown> {
  const env = {
    ...process.env,
    ...{ GITHUB_API_URL: gitHub.endpoint, GITHUB_REPOSITORY: 'team/service', GITHUB_TOKEN: 'token' },
    ...{ GITHUB_OUTPUT: join(folder, 'output'), GITHUB_SHA: 'c0ffee', PULL_REQUEST: '7', ...variables },
  };
  return promisify(execFile)(process.execPath, [join(scripts, script), ...args], { env });
}

test('the plan is one comment, made anew in place with each push', async () => {
  const person = { user: { type: 'User' } };
  // More than a page of others, one of which pretends to be ours.
  repository.comments = Array.from({ length: 101 }, (_, id) => ({ id: id + 1, body: 'hm', ...person }));
  repository.comments.unshift({ id: 1000, body: '<!-- spillway plan -->\nmine', ...person });
  await run('comment.mjs', [write('plan.md', 'first')]);
  await run('comment.mjs', [write('plan.md', 'second')]);
  expect(repository.comments.filter(({ user }) => user.type === 'Bot').map(({ body }) => body)).toEqual([
    '<!-- spillway plan -->\nsecond',
  ]);
  expect(repository.comments[0]?.body).toBe('<!-- spillway plan -->\nmine');
});

test('a verdict stands on the first line of its detection', async () => {
  const reason = 'the window is longer: 100 %';
  const change = (what: string, verdict: string): object => ({ what, verdict, code: 'over-longer', reason });
  const changes = [
    change('parameter window', 'incompatible'),
    change('detection burst', 'compatible'),
    change('detection partition-heat', 'incompatible'),
  ];
  write('plan-throttle.json', JSON.stringify({ application: 'throttle', rollout: 'replay', changes }));
  const place = (detection: string): string => `file=flink-sql/throttle/detections/${detection}.sql,line=1`;
  expect(await run('annotate.mjs', [folder])).toMatchObject({
    stdout:
      `::notice ${place('burst')},title=compatible (over-longer)%2C brought in by replay::the window is longer: 100 %25\n` +
      `::warning ${place('partition-heat')},title=incompatible (over-longer)%2C brought in by replay::the window is longer: 100 %25\n`,
  });
});

test('drift is one issue: opened, renewed, and closed when it is gone', async () => {
  const look = async (changes: string, plan: string): Promise<void> => {
    write('changes', `${changes}\n`);
    write('plan.md', plan);
    await run('drift-issue.mjs', ['production', folder]);
  };
  await look('no', 'nothing');
  expect(repository.issues).toEqual([]);
  await look('yes', 'one night');
  await look('yes', 'another night');
  expect(repository.issues).toMatchObject([
    { state: 'open', title: 'What runs in production is not what the files say', labels: ['spillway-drift'] },
  ]);
  expect(repository.issues[0]?.body).toMatch(/Apply the plan.*\n\nanother night$/s);
  await look('no', 'nothing');
  expect(repository.issues).toMatchObject([{ state: 'closed' }]);
  await look('yes', 'again');
  expect(repository.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
});

test('the reviewed plan is that of the merged pull request, and of no fork', async () => {
  const merged = { number: 7, merge_commit_sha: 'c0ffee', merged_at: '2026-11-24T00:00:00Z' };
  const runOf = (id: number, name: string): Repository['runs'][number] => {
    return { id, head_sha: 'abc', head_repository: { full_name: name } };
  };
  repository.pulls = { c0ffee: [{ ...merged, head: { sha: 'abc' } }] };
  repository.runs = [runOf(12, 'stranger/service'), runOf(11, 'team/service'), runOf(10, 'team/service')];
  await run('reviewed-plan.mjs', ['spillway-pull-request.yml']);
  expect(readFileSync(join(folder, 'output'), 'utf8')).toBe('run-id=11\n');

  repository.runs = [runOf(12, 'stranger/service')];
  const refused = run('reviewed-plan.mjs', ['spillway-pull-request.yml']);
  await expect(refused).rejects.toMatchObject({
    stderr: expect.stringContaining(
      'no plan of abc (#7) succeeded: start "spillway apply" by hand',
    ) as string,
  });
  const pushed = run('reviewed-plan.mjs', ['spillway-pull-request.yml'], { GITHUB_SHA: 'beef' });
  await expect(pushed).rejects.toMatchObject({
    stderr: expect.stringContaining('beef is no merge of a pull request') as string,
  });
});

test('a refusal says what GitHub said', async () => {
  const refused = run('comment.mjs', [write('plan.md', 'x')], { GITHUB_TOKEN: 'old' });
  await expect(refused).rejects.toMatchObject({
    stderr: expect.stringContaining('GitHub answers 401: {"message":"Bad credentials"}') as string,
  });
});
