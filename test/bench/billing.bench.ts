import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { openFolderArchive } from '../../orchestrator/archive/folder-archive';
import { runSpillway } from '../orchestrator/run-spillway';
import { makeMonth, type Month } from './archive/make-month';
import { fullMonth, smallMonth } from './archive/month-size';
import { atMost, type BenchResult, exactly } from './bench';

/** The month closes early, so that what comes late is an adjustment in the next one. */
const closesAfterHours = 12;
const tiers = [
  { fromUnits: 0, microUsdPerMillion: 1_250_000 },
  { fromUnits: 100_000, microUsdPerMillion: 1_000_001 },
];
const dearer = [{ fromUnits: 0, microUsdPerMillion: 1_375_000 }, ...tiers.slice(1)];
const allowance = 10_000;

/** The part of the document of `billing run --json` that is looked at. */
const ran = z.object({
  runs: z.array(
    z.object({
      run: z.string(),
      is: z.string(),
      input: z.object({ bytes: z.number(), objects: z.number() }),
      records: z.object({ delivered: z.string(), once: z.string(), late: z.string() }),
      rows: z.object({ adjustments: z.number() }),
      totals: z.record(z.string(), z.string()),
      table: z.string(),
      differences: z.array(z.record(z.string(), z.string())).optional(),
    }),
  ),
});
type Ran = z.infer<typeof ran>['runs'][number];

/** Bills a synthetic month of more than a hundred million changes on this machine, and holds it to its ledger. */
export async function bench(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-billing-'));
  try {
    const archive = join(folder, 'archive');
    const madeMs = performance.now();
    const size = process.env['SPILLWAY_BENCH_SMALL'] === '1' ? smallMonth : fullMonth;
    // A month whose next one has closed as well.
    const month = await makeMonth(archive, 20261, { ...size, month: '2026-09' });
    tell(`made ${month.changes.toLocaleString('en-US')} changes in ${seconds(madeMs).toFixed(0)} s`);
    return await bill(archive, definitionsIn(join(folder, 'athena-sql')), month);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bill(archive: string, billing: string, month: Month): Promise<BenchResult> {
  const spillway = commandsOn(archive, billing);
  await spillway('apply', '--yes');
  const startedMs = performance.now();
  const usage = await spillway.run('usage-by-subject', '2026-09');
  const billedSeconds = seconds(startedMs);
  tell(`billed in ${billedSeconds.toFixed(1)} s`);
  const csv = await spillway('export', 'usage-by-subject', '--period', '2026-09');
  const again = await spillway.run('usage-by-subject', '2026-09');
  const csvAgain = await spillway('export', 'usage-by-subject', '--period', '2026-09');
  const baselineSeconds = await plainSum(archive);
  const next = await spillway.run('usage-by-subject', '2026-10');
  const nextCsv = await spillway('export', 'usage-by-subject', '--period', '2026-10');
  const billed = unitsBySubject(csv + nextCsv.replace(/^.*\n/, ''));
  const charge = await spillway.run('tiered-charge', '2026-09');
  setPrices(billing, dearer);
  await spillway('apply', '--yes');
  const rerated = await spillway.run('tiered-charge', '2026-09');
  const own = unitsBySubject(csv);
  const wrong = wrongDifferences(own, rerated);
  const intended = [...own.values()].reduce(
    (sum, units) => sum + priced(units, dearer) - priced(units, tiers),
    0n,
  );
  const found = BigInt(rerated.totals['micro_usd'] ?? 0) - BigInt(charge.totals['micro_usd'] ?? 0);
  return {
    bench: 'billing',
    aims: [
      atMost('billed locally', 300, billedSeconds, 's'),
      exactly(
        'subjects whose units and adjustments are not their ledger’s',
        0,
        subjectsOff(billed, month),
        'subjects',
      ),
      exactly('units billed less the ledger’s', 0, Number(sum(billed)) - month.units, 'units'),
      exactly(
        'bytes of a second run that differ',
        0,
        Number(csv !== csvAgain || usage.run !== again.run || usage.table !== again.table),
        'files',
      ),
      exactly('subjects whose re-rating is not the change of the price', 0, wrong, 'subjects'),
      exactly('re-rated less intended', 0, Number(found - intended), 'micro-dollars'),
      exactly(
        'what the re-rating is',
        1,
        Number(charge.is === 'invoice' && rerated.is === 're-rating'),
        're-rating beside the invoice',
      ),
    ],
    details: {
      changes: month.changes,
      usageRecordsDelivered: month.records,
      batches: month.batches,
      archiveBytes: usage.input.bytes,
      archiveObjects: usage.input.objects,
      billedSeconds,
      plainSumSeconds: baselineSeconds,
      timesAPlainSum: billedSeconds / baselineSeconds,
      records: usage.records,
      lateRecordsAdjusted: next.records.late,
      adjustmentRows: next.rows.adjustments,
      adjustedUnits: Number(sum(billed) - sum(own)),
      intendedMicroUsd: String(intended),
    },
  };
}

interface Commands {
  (command: string, ...args: string[]): Promise<string>;
  run(definition: string, period: string): Promise<Ran>;
}

function commandsOn(archive: string, billing: string): Commands {
  const spillway = async (command: string, ...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runSpillway([
      'billing',
      command,
      ...args,
      '--archive',
      archive,
      '--billing',
      billing,
    ]);
    if (exitCode !== 0) throw new Error(`billing ${command} exited with ${exitCode}: ${stderr}`);
    return stdout;
  };
  return Object.assign(spillway, {
    run: async (definition: string, period: string): Promise<Ran> => {
      const { runs } = ran.parse(JSON.parse(await spillway('run', definition, '--period', period, '--json')));
      const [only] = runs;
      if (only === undefined) throw new Error(`${definition} did not run`);
      return only;
    },
  });
}

/** The definitions as they are, with another close and prices that reach this month's subjects. */
function definitionsIn(billing: string): string {
  cpSync(resolve(__dirname, '../../athena-sql'), billing, { recursive: true });
  for (const name of ['usage-by-subject', 'tiered-charge'])
    change(billing, name, (json) => ({ ...json, closesAfterHours }));
  setPrices(billing, tiers);
  return billing;
}

function setPrices(billing: string, prices: typeof tiers): void {
  const versions = [{ from: '2026-01', why: 'the bench', parameters: { tiers: prices, allowance } }];
  change(billing, 'tiered-charge', (json) => ({ ...json, versions }));
}

function change(billing: string, name: string, to: (json: object) => object): void {
  const file = join(billing, name, 'definition.json');
  writeFileSync(file, JSON.stringify(to(JSON.parse(readFileSync(file, 'utf8')) as object)));
}

/** What adding the same files up takes, without telling anything apart. */
async function plainSum(archive: string): Promise<number> {
  const opened = await openFolderArchive(archive, { memoryMegabytes: 2048 });
  try {
    const sql =
      'SELECT entry.subject AS subject, SUM(entry.units) AS units FROM usage ' +
      'CROSS JOIN UNNEST(entries) AS entry (resource, key, subject, units, writes) GROUP BY entry.subject ORDER BY entry.subject';
    const startedMs = performance.now();
    await opened.query(sql, z.object({ subject: z.string(), units: z.number() }));
    return seconds(startedMs);
  } finally {
    opened.close();
  }
}

/** By subject, over all rows: the second column after the period. */
function unitsBySubject(csv: string): Map<string, bigint> {
  const units = new Map<string, bigint>();
  for (const line of csv.trim().split('\n').slice(1)) {
    const [, subject = '', amount = '0'] = line.split(',');
    units.set(subject, (units.get(subject) ?? 0n) + BigInt(amount));
  }
  return units;
}

function subjectsOff(billed: ReadonlyMap<string, bigint>, { ledger }: Month): number {
  const due = new Map<string, bigint>();
  for (const { subject, units } of ledger) due.set(subject, (due.get(subject) ?? 0n) + BigInt(units));
  return [...new Set([...due.keys(), ...billed.keys()])].filter(
    (subject) => due.get(subject) !== billed.get(subject),
  ).length;
}

/** What the definition says in its header, worked out in another way: per unit of each tier, rounded once a tier. */
function priced(units: bigint, prices: typeof tiers): bigint {
  const billable = units > BigInt(allowance) ? units - BigInt(allowance) : 0n;
  return prices.reduce((total, { fromUnits, microUsdPerMillion }, at) => {
    const end = prices[at + 1]?.fromUnits;
    const from = BigInt(fromUnits);
    const until = end === undefined || billable < BigInt(end) ? billable : BigInt(end);
    if (until <= from) return total;
    return total + ((until - from) * BigInt(microUsdPerMillion) * 2n + 1_000_000n) / 2_000_000n;
  }, 0n);
}

function wrongDifferences(units: ReadonlyMap<string, bigint>, rerated: Ran): number {
  const told = new Map(
    (rerated.differences ?? []).map((row) => [row['subject'], BigInt(row['micro_usd'] ?? 0)]),
  );
  return [...units].filter(
    ([subject, amount]) => (told.get(subject) ?? 0n) !== priced(amount, dearer) - priced(amount, tiers),
  ).length;
}

function sum(amounts: ReadonlyMap<string, bigint>): bigint {
  return [...amounts.values()].reduce((total, one) => total + one, 0n);
}

function seconds(sinceMs: number): number {
  return (performance.now() - sinceMs) / 1000;
}

function tell(line: string): void {
  process.stderr.write(`billing: ${line}\n`);
}
