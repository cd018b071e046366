import { setTimeout as wait } from 'node:timers/promises';
import type { Guard } from '../../../guard';
import { excess } from '../../../lambdas/contracts/excess';
import { usageRecord } from '../../../lambdas/contracts/usage-record';
import { errorText } from '../event-sources/pause';
import { startExampleApi } from '../example/api';
import { documentsTable } from '../example/documents-table';
import type { LocalServer } from '../servers/local-server';
import type { LocalSpillway } from '../spillway';
import { ConsumedHeat } from './consumed-heat';
import { driveTraffic, sendDocument } from './drive-traffic';
import { type IdenticalWrites, runIdenticalWrites } from './identical-writes';
import { count, heatBar, type Narration, seconds } from './narration';
import { readStream } from './stream-reader';
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
  readonly narration: Narration;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What the demo found, and what its own reading of the usage stream adds up to. */
export interface DemoResult {
  readonly summary: DemoSummary & { readonly identicalWrites: IdenticalWrites };
  readonly estimated: { readonly units: number; readonly writes: number };
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
  const reading = new AbortController();
  const readers = [
    readStream(
      spillway.clients.kinesis,
      spillway.resources.usageStream,
      usageRecord,
      (r) => {
        usage.add(r);
        if (r.source === documentsTable.name) estimated.add(r);
      },
      reading.signal,
    ),
    readStream(
      spillway.clients.kinesis,
      spillway.resources.excessStream,
      excess,
      ({ subject, units, limit: most, peakSecondUnits, activeSeconds, detection }) =>
        narration.event(
          'excess',
          `${subject}: ${count(units)} units in the window, limit ${count(most)}; hottest second ` +
            `${count(peakSecondUnits)}, ${activeSeconds} seconds with writes (${detection})`,
        ),
      reading.signal,
    ),
  ].map((reader) =>
    reader.catch((cause: unknown) => {
      if (!reading.signal.aborted)
        narration.event('reader', `stopped watching a stream: ${errorText(cause)}`);
    }),
  );
  const guard = spillway.createGuard({
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
  const onOutcome = (outcome: Outcome): void => {
    const { app } = outcome.tenant;
    const first = outcome.status === 429 && tally.refusedAtMs(app) === undefined;
    tally.add(outcome);
    const crossedAtMs = heat.crossedAtMs(app);
    if (crossedAtMs !== undefined && !crossed.has(app)) {
      crossed.add(app);
      narration.event(
        'limit',
        `${app} passes ${count(limit)} units in ${windowSeconds} s, as DynamoDB counts them`,
      );
    }
    if (first) narration.event('refused', refusalText(guard, app, crossedAtMs, outcome.atMs));
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
        const free = (): boolean => guard.check(tenant.app).allowed;
        if (!(await until(free, (options.suspensionSeconds + 15) * 1_000, signal))) return;
        const outcome = await sendDocument(api.url, { ...tenant, documentBytes: 500 }, 0);
        onOutcome(outcome);
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
    return { summary: { ...tally.summary(), identicalWrites }, estimated: { ...estimated.totals } };
  } finally {
    clearInterval(reporter);
    await traffic.stop();
    await identical.catch(() => undefined);
    reading.abort();
    await Promise.all(readers);
    await api.stop();
    await guard.stop();
  }
}

function refusalText(
  guard: Guard,
  app: string,
  crossedAtMs: number | undefined,
  refusedAtMs: number,
): string {
  const verdict = guard.check(app);
  const retry = verdict.allowed ? '' : `, Retry-After ${verdict.retryAfterSeconds} s`;
  const after =
    crossedAtMs === undefined ? '' : `, ${seconds(refusedAtMs - crossedAtMs)} after it passed the limit`;
  return `${app} gets 429${retry}${after}`;
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
