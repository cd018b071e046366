import type { HourFigures } from '../../../lambdas/contracts/operator';
import { ExcessHistory } from './excess-history';
import { headline } from './headline';
import { heatAt, heatCurve, HeatHistory, type KeyUsage, peakHeat } from './heat-history';
import { Latencies } from './latencies';
import type { ApplicationReading, JobReading, PageEvent, Part, QueueReading } from './page-event';
import type {
  HeatKey,
  HeatView,
  HoursView,
  JobView,
  PageView,
  RefusalsView,
  SuspensionRow,
  Totals,
} from './page-view';
import { pipelineStages } from './pipeline';
import { RefusalHistory } from './refusal-history';
import { limitOf, RuleHistory } from './rule-history';
import { type PastOrPresent, SuspensionHistory } from './suspension-history';
import type { FunctionsProgress } from '../functions';

const shownSeconds = 600;
const stepSeconds = 2;
const bucketSeconds = 10;
const mostKeys = 6;
const mostSuspensions = 5;
const mostRefused = 5;
const mostHours = 5;
const hourMs = 3_600_000;
const mostReasons = 20;
/** app_2 comes before app_10. */
const byName = new Intl.Collator('en', { numeric: true });
/** Until the application says its window. */
const usualWindowSeconds = 120;
/** Statuses of an application that is changed or started by somebody. */
const onTheWay = ['STARTING', 'STOPPING', 'UPDATING', 'AUTOSCALING', 'ROLLING_BACK', 'MAINTENANCE'];
/** A restart so recent is news. */
const restartNewsMs = 120_000;

/**
 * What the page shows, from what happened. It reads no clock and asks nobody: every event and every view comes with
 * its time. What it holds is bounded: the last ten minutes and one window, and the top of each list.
 */
export class PageModel {
  private readonly heat = new HeatHistory();
  private readonly rules = new RuleHistory();
  private readonly suspensions = new SuspensionHistory();
  private readonly refusals = new RefusalHistory(shownSeconds * 1_000 + bucketSeconds * 1_000);
  private readonly usageTook = new Latencies();
  private readonly excessTook = new Latencies();
  private readonly suspensionTook = new Latencies();
  private readonly timed = new Map<string, number>();
  private readonly setAside = new Map<string, number>();
  private readonly silent = new Map<Part, { readonly sinceMs: number; readonly reason: string }>();
  private readonly excesses = new ExcessHistory();
  private readonly counts = { units: 0, writes: 0 };
  private phase = 'Starting';
  private application: ApplicationReading | undefined;
  private job: JobReading | undefined;
  private hadJob = false;
  private lastRestartMs = 0;
  private queue: QueueReading | undefined;
  private functions: FunctionsProgress | undefined;
  private hours: readonly HourFigures[] = [];

  constructor(private readonly startedAtMs: number) {}

  apply(event: PageEvent, nowMs: number): void {
    switch (event.kind) {
      case 'phase':
        this.phase = event.text;
        return;
      case 'usage':
        this.addUsage(event, nowMs);
        return;
      case 'excess':
        // Once for each second: what is stated of it later says nothing about how soon it was known.
        if (this.excesses.add(event.excess))
          this.excessTook.add(nowMs, event.arrivedAtMs - event.excess.windowEnd * 1_000);
        return;
      case 'set-aside':
        // A reason is one of a few words; should it ever be free text, the rest counts together.
        this.countSetAside(event.record.reason);
        return;
      case 'store':
        this.suspensions.update(event.suspensions, nowMs);
        this.refusals.update(event.refusals, nowMs);
        for (const { suspension } of this.suspensions.rows(nowMs)) this.timeSuspension(suspension);
        return;
      case 'figures':
        this.hours = event.hours;
        return;
      case 'application':
        this.application = event.reading;
        if (event.reading?.rule !== undefined) this.rules.update(event.reading.rule, second(nowMs));
        return;
      case 'job':
        if (event.reading !== undefined && event.reading.restarts > (this.restartsOf(event.reading.id) ?? 0))
          this.lastRestartMs = nowMs;
        this.job = event.reading;
        this.hadJob ||= event.reading !== undefined;
        return;
      case 'queue':
        this.queue = event.reading;
        return;
      case 'functions':
        this.functions = event.progress;
        return;
      case 'silent':
        if (!this.silent.has(event.part))
          this.silent.set(event.part, { sinceMs: nowMs, reason: event.reason });
        return;
      case 'answered':
        this.silent.delete(event.part);
        return;
    }
  }

  view(nowMs: number): PageView {
    const rule = this.rules.current;
    this.heat.forgetBefore(this.oldestSecond(nowMs));
    const heat = this.heatView(nowMs);
    const rows = this.suspensions.rows(nowMs);
    const suspended = rows
      .filter(({ endedAtMs }) => endedAtMs === undefined)
      .map((row) => row.suspension.subject);
    const totals = this.totals(suspended.length, nowMs);
    const job = this.jobView(nowMs);
    const pipeline = pipelineStages({
      nowMs,
      functions: this.functions,
      usage: this.usageTook.after(nowMs - 30_000),
      job: this.job,
      rule,
      excess: this.excessTook.after(nowMs - shownSeconds * 1_000),
      queue: this.queue,
      suspension: this.suspensionTook.after(nowMs - shownSeconds * 1_000),
    });
    const silent = [...this.silent].map(([part, silence]) => ({ part, ...silence }));
    return {
      version: 1,
      nowMs,
      headline: headline({
        phase: this.phase,
        hasTraffic: this.counts.writes > 0,
        silent,
        job,
        pipeline,
        totals,
        suspended,
        over: heat.keys.filter(({ state }) => state === 'over').map(({ subject, key }) => subject || key),
      }),
      silent,
      totals,
      rule: rule === undefined ? null : { windowSeconds: rule.windowSeconds, limit: rule.limit },
      heat,
      suspensions: {
        rows: rows.slice(0, mostSuspensions).map(suspensionRow),
        more: Math.max(0, rows.length - mostSuspensions),
      },
      refusals: this.refusalsView(nowMs),
      hours: this.hoursView(),
      pipeline,
      job,
    };
  }

  private addUsage({ record, arrivedAtMs }: PageEvent & { kind: 'usage' }, nowMs: number): void {
    if (!this.heat.add(record, this.oldestSecond(nowMs), second(nowMs))) return;
    for (const { units, writes } of record.entries) {
      this.counts.units += units;
      this.counts.writes += writes;
    }
    // A second is over when the next one begins.
    this.usageTook.add(nowMs, arrivedAtMs - (record.second + 1) * 1_000);
  }

  private oldestSecond(nowMs: number): number {
    return second(nowMs) - shownSeconds - this.windowSeconds;
  }

  private get windowSeconds(): number {
    return this.rules.current?.windowSeconds ?? usualWindowSeconds;
  }

  /** Once for each suspension: an excess that moves its end says nothing about how soon it began. */
  private timeSuspension({ subject, since, reason }: PastOrPresent['suspension']): void {
    if (since < this.startedAtMs || (this.timed.get(subject) ?? 0) >= since) return;
    this.timed.set(subject, since);
    this.suspensionTook.add(since, since - reason.windowEnd * 1_000);
    if (this.timed.size > 1_000) this.timed.delete([...this.timed.keys()][0] ?? '');
  }

  private countSetAside(reason: string): void {
    const word = this.setAside.has(reason) || this.setAside.size < mostReasons ? reason : 'other';
    this.setAside.set(word, (this.setAside.get(word) ?? 0) + 1);
  }

  private restartsOf(jobId: string): number | undefined {
    return this.job?.id === jobId ? this.job.restarts : undefined;
  }

  private totals(suspendedNow: number, nowMs: number): Totals {
    return {
      suspendedNow,
      ...this.suspensions.totals(),
      refused: this.refusals.refused,
      refusedLastMinute: this.refusals.since(nowMs - 60_000),
      ...this.counts,
      excesses: this.excesses.totals(),
    };
  }

  private heatView(nowMs: number): HeatView {
    const now = second(nowMs);
    const oldest = now - shownSeconds;
    // The curves begin with the page: what was before it, it does not know.
    const fromSecond = Math.ceil(Math.max(oldest, second(this.startedAtMs)) / stepSeconds) * stepSeconds;
    const rule = this.rules.current;
    const limit = (usage: KeyUsage): number | undefined =>
      rule === undefined ? undefined : limitOf(rule, usage.resource);
    const ranked = this.heat
      .all()
      .map((usage) => {
        const peak = peakHeat(usage, fromSecond, this.windowSeconds);
        const name = JSON.stringify([usage.subject, usage.resource, usage.key]);
        return { usage, peak, rank: peakRank(peak, limit(usage)), name };
      })
      .sort((a, b) => b.rank - a.rank || byName.compare(a.name, b.name));
    const rest = ranked.slice(mostKeys);
    const shares = rest.flatMap(({ usage }) => {
      const most = limit(usage);
      return most === undefined ? [] : [heatAt(usage, now, this.windowSeconds) / most];
    });
    return {
      fromSecond,
      stepSeconds,
      shownSeconds,
      keys: ranked.slice(0, mostKeys).map(({ usage, peak }) => this.heatKey(usage, peak, fromSecond, nowMs)),
      more: rest.length,
      moreHottestShare: shares.length === 0 ? null : Math.max(...shares),
    };
  }

  private heatKey(usage: KeyUsage, peak: number, fromSecond: number, nowMs: number): HeatKey {
    const { resource, key, subject } = usage;
    const now = second(nowMs);
    const rule = this.rules.current;
    const limit = rule === undefined ? undefined : limitOf(rule, resource);
    const heat = heatAt(usage, now, this.windowSeconds);
    return {
      resource,
      key,
      subject,
      heat,
      limit: limit ?? null,
      peak,
      state: this.suspensions.isSuspended(subject, nowMs) ? 'suspended' : heatState(heat, limit),
      points: heatCurve(usage, fromSecond, now, stepSeconds, this.windowSeconds),
      limitSteps: this.rules.limitSteps(resource, fromSecond),
      suspended: this.suspensions
        .rows(nowMs)
        .filter((row) => subject !== '' && row.suspension.subject === subject)
        .filter(({ endedAtMs }) => (endedAtMs ?? nowMs) > nowMs - shownSeconds * 1_000)
        .map(({ suspension, endedAtMs }) => [suspension.since, endedAtMs ?? suspension.until] as const),
    };
  }

  private refusalsView(nowMs: number): RefusalsView {
    const count = shownSeconds / bucketSeconds;
    const newest = Math.floor(second(nowMs) / bucketSeconds) * bucketSeconds;
    const fromSecond = newest - (count - 1) * bucketSeconds;
    const subjects = this.refusals.subjects();
    return {
      fromSecond,
      bucketSeconds,
      buckets: this.refusals.buckets(fromSecond * 1_000, bucketSeconds * 1_000, count),
      subjects: subjects
        .slice(0, mostRefused)
        .map((refused) => ({ ...refused, lastMinute: this.refusals.since(nowMs - 60_000, refused.subject) })),
      more: Math.max(0, subjects.length - mostRefused),
    };
  }

  private hoursView(): HoursView {
    const newestFirst = [...this.hours].reverse();
    return {
      rows: newestFirst
        .slice(0, mostHours)
        .map(({ hour, ...figures }) => ({ fromMs: hour * hourMs, ...figures })),
      known: newestFirst.length,
      requestsPrevented: newestFirst.reduce((sum, { requestsPrevented }) => sum + requestsPrevented, 0),
    };
  }

  private jobView(nowMs: number): JobView {
    const { application, job, queue } = this;
    const last = job?.checkpoints.last;
    return {
      application: application?.name ?? null,
      status: application?.status ?? null,
      applicationVersion: application?.version ?? null,
      state: job?.state ?? null,
      tasks: job?.tasks ?? null,
      restarts: job?.restarts ?? null,
      lastFailure: job?.lastFailure ?? null,
      checkpoint: last ?? null,
      checkpoints:
        job === undefined ? null : { completed: job.checkpoints.completed, failed: job.checkpoints.failed },
      recordsRead: job?.recordsRead ?? null,
      excessesWritten: job?.recordsWritten['excess'] ?? null,
      setAside: [...this.setAside]
        .map(([reason, count]) => ({ reason, count }))
        .sort((a, b) => b.count - a.count),
      deadLetters: queue?.deadLetters ?? null,
      level: this.jobLevel(nowMs),
    };
  }

  /** RUNNING is not healthy: a job in a restart loop is RUNNING most of the time. */
  private jobLevel(nowMs: number): JobView['level'] {
    const { application, job } = this;
    if (job === undefined) {
      // Before the first job there is nothing to be worried about.
      if (!this.hadJob) return 'calm';
      return application !== undefined && onTheWay.includes(application.status) ? 'watch' : 'act';
    }
    const restarted = this.lastRestartMs > nowMs - restartNewsMs;
    if (job.state !== 'RUNNING' && job.state !== 'CREATED' && job.state !== 'INITIALIZING') return 'act';
    return restarted ? 'act' : 'calm';
  }
}

/** Tenths of the limit at the peak: so coarse that keys seldom change places. */
function peakRank(peak: number, limit: number | undefined): number {
  return limit === undefined ? 0 : Math.floor((peak / limit) * 10);
}

function heatState(heat: number, limit: number | undefined): HeatKey['state'] {
  if (limit === undefined) return 'under';
  if (heat > limit) return 'over';
  return heat >= limit * 0.8 ? 'near' : 'under';
}

function suspensionRow({ suspension, endedAtMs, lifted }: PastOrPresent): SuspensionRow {
  const { subject, since, until, offences, scope, reason } = suspension;
  return {
    subject,
    sinceMs: since,
    untilMs: until,
    endedAtMs: endedAtMs ?? null,
    lifted,
    offences,
    scope,
    detection: reason.detection,
    resource: reason.resource,
    units: reason.units,
    limit: reason.limit,
    windowSeconds: reason.windowEnd - reason.windowStart,
    peakSecondUnits: reason.peakSecondUnits,
    activeSeconds: reason.activeSeconds,
  };
}

function second(ms: number): number {
  return Math.floor(ms / 1_000);
}
