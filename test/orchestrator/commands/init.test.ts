import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ran, runSpillway } from '../run-spillway';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-init-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const places = [
  ...['--code-bucket', 'my-code', '--control-table', 'my-control', '--usage-stream', 'u'],
  ...['--excess-stream', 'e', '--set-aside-stream', 's'],
];
const where = ['--region', 'eu-central-1', '--account', '000000000000'];

function spillway(args: readonly string[], terminal?: { typed: string }): Promise<Ran> {
  return runSpillway([...args, '--definitions', folder], {}, terminal);
}

test('a new application validates as it is', async () => {
  const made = await spillway(['init', 'application', 'night-watch', '--limit', '500', '--window', '1m']);
  expect([made.exitCode, made.stderr]).toEqual([0, '']);
  expect(made.stdout).toContain(join(folder, 'night-watch', 'detections', 'heat.sql'));
  await spillway(['init', 'environment', 'local', ...where, ...places]);
  const valid = await spillway(['validate', 'night-watch', '--json']);
  expect(JSON.parse(valid.stdout)).toMatchObject({
    problems: [],
    valid: [{ application: 'night-watch', parameters: { limit: '500', window: '1m' } }],
  });
  const again = await spillway(['init', 'application', 'night-watch']);
  expect(again.exitCode).toBe(1);
  expect(again.stderr).toContain('night-watch already: choose another name');
});

test('a person is asked for what no option gives', async () => {
  const made = await spillway(['init', 'application', '--json'], { typed: 'asked-for\n\n3m\n7\n' });
  expect(made.stderr).toContain('What is its detection called? [heat] ');
  expect(JSON.parse(made.stdout)).toMatchObject({ schemaVersion: 1, application: 'asked-for' });
  const file = readFileSync(join(folder, 'asked-for', 'application.json'), 'utf8');
  expect(JSON.parse(file)).toMatchObject({
    parameters: { window: { default: '3m' }, limit: { default: 7 } },
  });
});

test('without a terminal, what is missing is named', async () => {
  const { exitCode, stderr } = await spillway([
    'init',
    'environment',
    'production',
    '--region',
    'eu-central-1',
  ]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('There is no terminal to ask: give --account');
  const nowhere = await spillway(['init', 'environment', 'production', ...where]);
  expect(nowhere.stderr).toContain('Give --outputs FILE, or --code-bucket');
});

test('an environment is added to those that are there, or the file stays as it was', async () => {
  writeFileSync(
    join(folder, 'cdk-outputs.json'),
    JSON.stringify({
      Spillway: {
        ...{ SpillwayCodeBucket: 'made-code', SpillwayControlTable: 'made-control' },
        ...{ SpillwayUsageStream: 'u', SpillwayExcessStream: 'e', SpillwaySetAsideStream: 's' },
      },
    }),
  );
  await spillway(['init', 'environment', 'local', ...where, ...places]);
  const added = await spillway([
    'init',
    'environment',
    'production',
    ...where,
    '--outputs',
    'cdk-outputs.json',
  ]);
  expect(added.exitCode).toBe(0);
  const before = readFileSync(join(folder, 'environments.json'), 'utf8');
  expect(JSON.parse(before)).toMatchObject({
    local: { codeBucket: 'my-code' },
    production: { account: '000000000000', outputs: 'cdk-outputs.json' },
  });
  const wrong = await spillway([
    'init',
    'environment',
    'staging',
    '--region',
    'mars',
    '--account',
    '1',
    ...places,
  ]);
  expect(wrong.stderr).toMatch(/environments\.json:\d+ .*region/);
  expect((await spillway(['init', 'environment', 'local', ...where, ...places])).stderr).toContain('already');
  expect(readFileSync(join(folder, 'environments.json'), 'utf8')).toBe(before);
});

// Flink runs its cases: half a minute, so only in the full run.
if (process.env['SPILLWAY_FULL'] === '1') {
  test('the cases of a new application hold', async () => {
    await spillway(['init', 'application', 'night-watch']);
    const { exitCode, stdout } = await spillway(['test', 'night-watch', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'test' });
    expect(exitCode).toBe(0);
  });
}
