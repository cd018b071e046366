import { setTimeout as wait } from 'node:timers/promises';
import { startExampleApi } from '../example/api';
import { documentsTable } from '../example/documents-table';
import type { LocalPage } from '../page/page';
import type { LocalServer } from '../servers/local-server';
import type { LocalSpillway } from '../spillway';
import { refusalsEverySeconds } from '../page/watched-locally';
import { type ArchivedUsage, archivedUsage } from './archived-usage';
import { ConsumedHeat } from './consumed-heat';
import { driveTraffic, sendDocument } from './drive-traffic';
import { type IdenticalWrites, runIdenticalWrites } from './identical-writes';
import { count, heatBar, type Narration, seconds } from './narration';
import { type DemoSummary, Tally } from './summary';
import { demoTenants, type Outcome } from './tenants';
import { UsageView } from './usage-view';

export interface DemoOptions {
  /** Starts another DynamoDB Local. */
  readonly startDynamoDb: (id: string) => Promise<LocalServer>;
  readonly windowSeconds: number;
  /** Write units per window. */
  readonly limit: number;
  readonly suspensionSeconds: number;
  /** How long the demo waits for looping tenants to be found before it says that they were not. */
  readonly patienceMs: number;
  /** For the copy of the archive that is read at the end. */
  readonly folder: string;
  /** Reads the streams, and shows what happens. */
  readonly page: Pick<LocalPage, 'listen'>;
  readonly narration: Narration;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What the demo found, what its own reading of the usage stream adds up to, and what the archive does. */
export interface DemoResult {
  readonly summary: DemoSummary & { readonly identicalWrites: IdenticalWrites };
  readonly estimated: { readonly units: number; readonly writes: number };
  readonly archived: ArchivedUsage;
}

const reportEveryMs = 10_000;

/**
 * Drives the example API with well-behaved and looping tenants until every looping one was refused and let in
 * again, and tells each step as it happens.
 */
export async function runDemo(spillway: LocalSpillway, options: DemoOptions): Promise<DemoResult> {
  const { narration, limit, windowSeconds, signal } = options;
  const tenants = demoTenants(17, 3);
  const heat = new ConsumedHeat(windowSeconds * 1_000, limit);
  const tally = new Tally(tenants, heat);
  const usage = new UsageView(windowSeconds);
  const estimated = new UsageView(windowSeconds);
  options.page.listen({
    usage: (record) => {
      usage.add(record);
      if (record.source === documentsTable.name) estimated.add(record);
    },
    excess: ({ subject, units, limit: most, peakSecondUnits, activeSeconds, detection }) =>
      narration.event(
        'excess',
        `${subject}: ${count(units)} units in the window, limit ${count(most)}; hottest second ` +
          `${count(peakSecondUnits)}, ${activeSeconds} seconds with writes (${detection})`,
      ),
  });
  const guard = spillway.createGuard({
    flushSeconds: refusalsEverySeconds,
    onEvent: ({ kind, message }) => narration.event('guard', `${kind}: ${message}`),
  });
  await guard.start();
  const api = await startExampleApi(spillway.dynamodb, guard);
  const looping = tenants.filter((tenant) => tenant.looping);
  narration.event(
    'traffic',
    `${tenants.length} tenants write to ${api.url}; ${looping.length} of them will loop`,
  );
  narration.event(
    'heat',
    `of the hottest four, up to the limit and beyond it, recomputed from the usage stream:`,
  );

  const crossed = new Set<string>();
  const comeAgainAtMs = new Map<string, number>();
  const onOutcome = (outcome: Outcome): void => {
    const { app } = outcome.tenant;
    const first = outcome.status === 429 && tally.refusedAtMs(app) === undefined;
    tally.add(outcome);
    if (outcome.retryAfterSeconds !== undefined)
      comeAgainAtMs.set(app, outcome.atMs + outcome.retryAfterSeconds * 1_000);
    const crossedAtMs = heat.crossedAtMs(app);
    if (crossedAtMs !== undefined && !crossed.has(app)) {
      crossed.add(app);
      narration.event(
        'limit',
        `${app} passes ${count(limit)} units in ${windowSeconds} s, as DynamoDB counts them`,
      );
    }
    if (first) narration.event('refused', refusalText(outcome, crossedAtMs));
  };
  const traffic = driveTraffic(api.url, tenants, onOutcome);
  const identical = runIdenticalWrites(spillway, { ...options, guard });
  // It is awaited below; until then its failure must not end the process.
  identical.catch(() => undefined);
  const reporter = setInterval(() => {
    const hottest = usage.hottest(looping.length + 1, Math.floor(Date.now() / 1_000));
    narration.event(
      'heat',
      hottest.map((tenant) => `${tenant.subject} ${heatBar(tenant.heat, limit)}`).join('  '),
    );
  }, reportEveryMs);
  try {
    await Promise.all(
      looping.map(async (tenant) => {
        const refused = (): boolean => tally.refusedAtMs(tenant.app) !== undefined;
        if (!(await until(refused, options.patienceMs, signal))) return;
        await wait(3_000, undefined, { signal });
        traffic.stopTenant(tenant.app);
        narration.event('repaired', `the developers of ${tenant.app} see the 429s and stop the loop`);
        const giveUpAtMs = Date.now() + (options.suspensionSeconds + 15) * 1_000;
        // It comes again when the last refusal told it to. Asking the guard instead would count as refused requests.
        let outcome: Outcome;
        do {
          const comesAgainAtMs = Math.min(comeAgainAtMs.get(tenant.app) ?? 0, giveUpAtMs);
          await wait(Math.max(0, comesAgainAtMs - Date.now()), undefined, { signal });
          outcome = await sendDocument(api.url, { ...tenant, documentBytes: 500 }, 0);
          onOutcome(outcome);
        } while (outcome.status === 429 && Date.now() < giveUpAtMs);
        const passed = outcome.status === 200;
        narration.event(
          'ended',
          `the suspension of ${tenant.app}; its next write ${passed ? 'passes' : `gets ${outcome.status}`}`,
        );
      }),
    );
    clearInterval(reporter);
    await traffic.stop();
    const { writes } = tally.summary();
    await until(() => estimated.totals.writes >= writes, 20_000, signal);
    const identicalWrites = await identical;
    const archived = await archivedUsage(spillway, documentsTable.name, {
      writes: () => estimated.totals.writes,
      withinMs: 30_000,
      folder: options.folder,
    });
    return {
      summary: { ...tally.summary(), identicalWrites },
      estimated: { ...estimated.totals },
      archived,
    };
  } finally {
    clearInterval(reporter);
    await traffic.stop();
    await identical.catch(() => undefined);
    await api.stop();
    await guard.stop();
  }
}

function refusalText({ tenant, atMs, retryAfterSeconds }: Outcome, crossedAtMs: number | undefined): string {
  const retry = retryAfterSeconds === undefined ? '' : `, Retry-After ${retryAfterSeconds} s`;
  const after = crossedAtMs === undefined ? '' : `, ${seconds(atMs - crossedAtMs)} after it passed the limit`;
  return `${tenant.app} gets 429${retry}${after}`;
}

/** Polls until the condition holds; false when it did not within the time. Throws when interrupted. */
async function until(holds: () => boolean, withinMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) return false;
    await wait(50, undefined, { signal });
  }
  return true;
}
