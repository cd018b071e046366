import { rmSync } from 'node:fs';
import { type BillingArchive, billingArchive } from './billing-archive';

let archive: BillingArchive;

beforeEach(async () => {
  archive = await billingArchive();
});

afterEach(() => rmSync(archive.folder, { recursive: true, force: true }));

interface Document {
  runs: {
    run: string;
    is: string;
    against?: string;
    totals: Record<string, string>;
    records: Record<string, string>;
    differences?: object[];
  }[];
}

async function run(period: string, ...more: string[]): Promise<Document['runs'][number]> {
  const ran = await archive.spillway('run', 'tiered-charge', '--period', period, '--json', ...more);
  expect(ran).toMatchObject({ exitCode: 0 });
  const [only] = (JSON.parse(ran.stdout) as Document).runs;
  if (only === undefined) throw new Error(ran.stdout);
  return only;
}

const exported = async (period: string): Promise<string> =>
  (await archive.spillway('export', 'tiered-charge', '--period', period)).stdout;

test('plan finds what is not published, apply publishes it, and then there is nothing to do', async () => {
  expect((await archive.spillway('plan')).exitCode).toBe(2);
  const applied = await archive.spillway('apply', '--yes', '--json');
  expect(JSON.parse(applied.stdout)).toMatchObject({
    published: expect.arrayContaining([{ definition: 'overage', version: 1 }]) as object,
  });
  expect(await archive.spillway('plan')).toMatchObject({ exitCode: 0 });
  expect((await archive.spillway('apply')).stdout).toContain('Nothing to do');
});

test('an invoice: a repeat counts once, late usage adjusts the month before by its own tiers', async () => {
  await archive.spillway('apply', '--yes');
  expect(await run('2026-09')).toMatchObject({
    is: 'invoice',
    totals: { units: '2000000', micro_usd: '500000' },
  });
  expect(await run('2026-10')).toMatchObject({
    is: 'invoice',
    records: { delivered: '3', once: '2', late: '1', tooLate: '0' },
  });
  expect(await exported('2026-10')).toBe(
    'period,subject,units,billable_units,micro_usd\n' +
      '2026-10,app_1,3000000,2000000,2500000\n' +
      '2026-10,app_3,120000000,119000000,144000000\n' +
      // 600,000 were within the allowance; with 900,000 more, half a million is not.
      '2026-09,app_2,900000,500000,625000\n',
  );
});

test('a second run of a closed month is the same run with the same bytes', async () => {
  await archive.spillway('apply', '--yes');
  const [first, before] = [await run('2026-09'), await exported('2026-09')];
  expect(await run('2026-09')).toEqual(first);
  expect(await exported('2026-09')).toBe(before);
});

test('a changed definition: plan names the months, run keeps a re-rating beside the invoice and tells the difference', async () => {
  await archive.spillway('apply', '--yes');
  const first = await run('2026-09');
  const before = await exported('2026-09');
  archive.change(
    'tiered-charge/definition.json',
    '"microUsdPerMillion": 1250000',
    '"microUsdPerMillion": 2000000',
  );
  const plan = await archive.spillway('plan', 'tiered-charge');
  expect(plan).toMatchObject({
    exitCode: 2,
    stdout: expect.stringContaining('It rates 2026-09 otherwise') as string,
  });
  await archive.spillway('apply', 'tiered-charge', '--yes');
  expect(await run('2026-09')).toMatchObject({
    is: 're-rating',
    against: first.run,
    differences: [
      { period: '2026-09', subject: 'app_1', units: '0', billable_units: '0', micro_usd: '300000' },
    ],
  });
  expect(await exported('2026-09')).toBe(before);
  const diff = await archive.spillway('diff', 'tiered-charge', '--period', '2026-09');
  expect(diff.stdout).toContain('one row differs');
  expect(diff.stdout).toContain('Another in it: the definition.');
});

test('values that hold from a later month on leave earlier months alone', async () => {
  await archive.spillway('apply', '--yes');
  const first = await run('2026-09');
  const one = '{ "from": "2026-01", "why": "the first price list" }';
  archive.change(
    'tiered-charge/definition.json',
    one,
    `${one}, { "from": "2026-10", "why": "no allowance", "parameters": { "allowance": 0 } }`,
  );
  const plan = await archive.spillway('plan', 'tiered-charge');
  expect(plan.stdout).toContain('allowance from 2026-10');
  expect(plan.stdout).toContain('No closed month is rated otherwise');
  await archive.spillway('apply', 'tiered-charge', '--yes');
  expect(await run('2026-09')).toEqual(first);
  expect(await run('2026-10')).toMatchObject({ totals: { billable_units: '123500000' } });
});

test('another sentence in a comment is another version, and no other invoice', async () => {
  await archive.spillway('apply', '--yes');
  const first = await run('2026-09');
  archive.change('tiered-charge/definition.sql', '-- Bills:      each', '-- Bills:      of each');
  expect((await archive.spillway('plan', 'tiered-charge')).stdout).toContain(
    'No closed month is rated otherwise',
  );
  await archive.spillway('apply', 'tiered-charge', '--yes');
  expect(await run('2026-09')).toEqual(first);
});

test('an object that comes into the archive after the close is told apart from another definition', async () => {
  await archive.spillway('apply', '--yes');
  await run('2026-09');
  await archive.add('2026-09-11T08:00:00Z', 'app_1', 1_000_000);
  expect(await run('2026-09')).toMatchObject({
    is: 're-rating',
    differences: [{ subject: 'app_1', units: '1000000' }],
  });
  expect((await archive.spillway('diff', 'tiered-charge', '--period', '2026-09')).stdout).toContain(
    'Another in it: the archive.',
  );
});

test('a month that has not closed is shown and not kept', async () => {
  await archive.spillway('apply', '--yes');
  await archive.add('2200-01-05T00:00:00Z', 'app_1', 5);
  expect(await run('2200-01')).toMatchObject({ is: 'preview', totals: { units: '5' } });
  expect(await archive.spillway('export', 'tiered-charge', '--period', '2200-01')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('has no run of 2200-01') as string,
  });
});

const mistakes: readonly (readonly [string[], string])[] = [
  [['run', 'tierd-charge', '--period', '2026-09'], 'did you mean "tiered-charge"'],
  [['run', 'tiered-charge', '--period', '2026-13'], 'Give a month in UTC, such as 2026-10'],
  [['run', 'tiered-charge', '--period', '2026-09', '--max-bytes', '1'], 'Nothing was read'],
  [['run', 'tiered-charge', '--period', '2026-09', '--max-bytes', 'lots'], 'such as 500MB'],
  [['run', 'suspension-savings', '--period', '2026-09'], 'give them with --suspensions FILE'],
  [['run', 'tiered-charge', '--period', '2025-12'], 'its first holds from 2026-01'],
  [['diff', 'overage', '--period', '2026-09'], 'makes one'],
  [['validate', 'overages'], 'did you mean "overage"'],
];

test.each(mistakes)('%j says what to do', async (args, says) => {
  await archive.spillway('apply', '--yes');
  const ran = await archive.spillway(...args);
  expect(ran).toMatchObject({ exitCode: 1, stdout: '' });
  expect(ran.stderr).toContain(says);
});

test('every problem of a definition is told at once, with its place', async () => {
  archive.change('overage/definition.sql', '-- Rounding: ', '-- Rounds: ');
  archive.change('overage/definition.sql', 'GREATEST(', 'GREATES(');
  archive.change('overage/definition.json', '"min": 1,', '"minimum": 1,');
  const first = await archive.spillway('validate', 'overage');
  expect(first).toMatchObject({ exitCode: 1 });
  expect(first.stdout).toContain('minimum');
  archive.change('overage/definition.json', '"minimum": 1,', '"min": 1,');
  const second = await archive.spillway('validate', 'overage');
  expect(second.stdout).toContain('[header-field]');
  expect(second.stdout).toMatch(/overage\/definition\.sql:\d+ {2}GREATES is not among the functions/);
});

test('a case that comes out differently is shown with its rows', async () => {
  archive.change('overage/cases/begun-blocks/expected.jsonl', '"micro_usd":6', '"micro_usd":7');
  const ran = await archive.spillway('test', 'overage', 'begun-blocks');
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout).toContain('micro_usd: expected 7, came 6');
  expect(await archive.spillway('test', 'overage', 'begun-blocks', '--update', '--yes')).toMatchObject({
    exitCode: 0,
  });
  expect(await archive.spillway('test', 'overage', 'begun-blocks')).toMatchObject({ exitCode: 0 });
});
