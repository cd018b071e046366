import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spanOf } from '../../../orchestrator/backtest/span';
import { sweepOf } from '../../../orchestrator/backtest/sweep';
import { runSpillway } from '../run-spillway';
import { archiveOf, tenantsFrom, tenantsUsage } from './tenants';

// What people get wrong, before anything is run on Flink.
const now = 1_790_860_000;
const declarations = {
  limit: { type: 'integer' as const, doc: '-' },
  window: { type: 'duration' as const, doc: '-' },
  limits: { type: 'map<text, integer>' as const, doc: '-' },
};

let archive: string;

beforeAll(async () => {
  archive = await archiveOf(tenantsUsage().slice(0, 5));
});

async function refusal(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runSpillway(['backtest', 'throttle', ...args]);
  expect([exitCode, stdout]).toEqual([1, '']);
  return stderr;
}

test('a span is a length back from its end, or a moment', () => {
  expect(spanOf('20m', undefined, now)).toEqual({ from: now - 1_200, until: now });
  expect(spanOf('7d', '2026-10-01T12:00:00Z', now)).toEqual({
    from: tenantsFrom - 604_800,
    until: tenantsFrom,
  });
  expect(spanOf('2026-10-01', '2026-10-01T12:00:00Z', now).from).toBe(tenantsFrom - 12 * 3_600);
});

test.each([
  ['yesterday', undefined, '--since is "yesterday". Give a length back such as 7d'],
  ['2026-10-01', 'noon', '--until is "noon". Give a moment in UTC'],
  ['2026-10-01T12:00:00Z', '2026-10-01T12:00:00Z', 'the span is empty'],
  ['7d', '2027-10-01', 'is yet to come'],
  ['90d', undefined, 'longer than 31 days'],
])('the span %s to %s is refused', (since, until, reason) => {
  expect(() => spanOf(since, until, now)).toThrow(reason);
});

test('a sweep ends at its end, whatever the step', () => {
  expect(sweepOf('limit=10..45:10', declarations).values).toEqual(['10', '20', '30', '40', '45']);
  expect(sweepOf('limit=0..80', declarations).values).toHaveLength(9);
  expect(sweepOf('window=30s..2m:30s', declarations).values).toEqual(['30s', '60s', '90s', '120s']);
});

test.each([
  ['limit', 'it is no range'],
  ['limt=1..2', 'there is no parameter "limt" (did you mean "limit"?)'],
  ['limits=1..2', 'limits is a map<text, integer>, and only integers and durations have a range'],
  ['limit=2..1', 'it must rise'],
  ['limit=1..x', '"x" is no integer'],
  ['limit=1..1000:1', 'it has 1000 values, and each is a job of its own: 25 at most'],
])('the sweep %s is refused', (text, reason) => {
  expect(() => sweepOf(text, declarations)).toThrow(reason);
});

test('what is missing or unknown is said with what there is', async () => {
  expect(await refusal('--since', '1h', '--archive', '/nowhere')).toContain(
    "there is no archive in /nowhere: copy the bucket's, `aws s3 sync s3://BUCKET/usage /nowhere/usage`",
  );
  expect(await refusal('--since', '1h', '--archive', archive, '--set', 'limt=1')).toContain(
    'there is no such parameter (did you mean "limit"?)',
  );
  expect(await refusal('--since', '1h', '--archive', archive, '--detection', 'brust')).toContain(
    'throttle has no such detection (did you mean "burst"?); there are burst, partition-heat, shared-key',
  );
  expect(await refusal('--since', '1h', '--archive', archive, '--set', 'cutover=5')).toContain(
    '--set cutover',
  );
});

test('a span of which the archive holds nothing is said', async () => {
  const span = ['--since', '2026-09-01T00:00:00Z', '--until', '2026-09-01T01:00:00Z'];
  expect(await refusal(...span, '--archive', archive)).toContain(
    'the archive holds no usage record from 2026-09-01T00:00:00.000Z to 2026-09-01T01:00:00.000Z',
  );
});

test('files that are given are checked', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'spillway-backtest-')), 'given');
  const place = ['--since', '1h', '--archive', archive];
  writeFileSync(file, '# nobody\n');
  expect(await refusal(...place, '--known-good', file)).toContain('it names nobody');
  writeFileSync(file, '{"subjects": []}');
  expect(await refusal(...place, '--exemptions', file)).toContain('`spillway exemptions list --json`');
  expect(await refusal(...place, '--policy', file)).toContain('is no policy: version:');
  expect(await refusal(...place, '--policy', `${file}.gone`)).toContain('there is no such file');
});
