/** What the page shows at one moment. It is sent to the browser as it is; `null` where nothing is known. */
export interface PageView {
  readonly version: 1;
  readonly nowMs: number;
  readonly headline: { readonly level: Level; readonly text: string; readonly detail: string };
  /** Parts that do not answer. */
  readonly silent: readonly { readonly part: string; readonly sinceMs: number; readonly reason: string }[];
  readonly totals: Totals;
  readonly rule: { readonly windowSeconds: number; readonly limit: number } | null;
  readonly heat: HeatView;
  readonly suspensions: { readonly rows: readonly SuspensionRow[]; readonly more: number };
  readonly refusals: RefusalsView;
  readonly hours: HoursView;
  readonly pipeline: readonly Stage[];
  readonly job: JobView;
}

/** How much a person should care: nothing to do, worth a look, do something. */
export type Level = 'calm' | 'watch' | 'act';

/** Counted since the page started. */
export interface Totals {
  readonly suspendedNow: number;
  /** Suspensions made, and how many subjects they were of. */
  readonly suspensions: number;
  readonly subjects: number;
  readonly refused: number;
  readonly refusedLastMinute: number;
  readonly units: number;
  readonly writes: number;
  /** By what follows from them: its subject is suspended, or people are only told. */
  readonly excesses: { readonly suspend: ExcessTotals; readonly notify: ExcessTotals };
}

export interface ExcessTotals {
  readonly episodes: number;
  /** Seconds for which one was stated. */
  readonly seconds: number;
  /** Those of a second that was stated before: early and when it is closed, or again after a restart. */
  readonly again: number;
}

export interface HeatView {
  /** Points lie at `fromSecond`, `fromSecond + stepSeconds` and so on. */
  readonly fromSecond: number;
  readonly stepSeconds: number;
  /** Seconds that the charts show, up to now. */
  readonly shownSeconds: number;
  readonly keys: readonly HeatKey[];
  /** Keys that wrote and are not among `keys`. */
  readonly more: number;
  /** The most heat that one of those has now, against its limit: 0.4 is 40 %. */
  readonly moreHottestShare: number | null;
}

export interface HeatKey {
  readonly resource: string;
  readonly key: string;
  /** Empty where the units have no subject. */
  readonly subject: string;
  readonly heat: number;
  /** Null while no rule is known. */
  readonly limit: number | null;
  /** The most heat within the time shown. */
  readonly peak: number;
  readonly state: 'suspended' | 'over' | 'near' | 'under';
  readonly points: readonly number[];
  /** The limit over time, where it changed within the time shown: from that second on, so many units. */
  readonly limitSteps: readonly (readonly [second: number, units: number])[];
  /** When its subject was suspended within the time shown; an end of null is not yet. */
  readonly suspended: readonly (readonly [fromMs: number, untilMs: number])[];
}

export interface SuspensionRow {
  readonly subject: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Null while it is in force. */
  readonly endedAtMs: number | null;
  /** Ended before its time. */
  readonly lifted: boolean;
  readonly offences: number;
  readonly scope: string;
  readonly detection: string;
  readonly resource: string;
  readonly units: number;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly peakSecondUnits: number;
  readonly activeSeconds: number;
}

export interface RefusalsView {
  readonly fromSecond: number;
  readonly bucketSeconds: number;
  /** Refused requests of all subjects, by the time at which they were counted. */
  readonly buckets: readonly number[];
  readonly subjects: readonly {
    readonly subject: string;
    readonly count: number;
    readonly lastMinute: number;
    readonly lastAtMs: number;
  }[];
  readonly more: number;
}

/** The two figures by the hour, the newest hour first; empty while they are not known. */
export interface HoursView {
  readonly rows: readonly {
    readonly fromMs: number;
    readonly subjectsSuspended: number;
    readonly subjectsSimulated: number;
    readonly requestsPrevented: number;
  }[];
  /** Of all hours that are known, which may be more than the rows. */
  readonly known: number;
  readonly requestsPrevented: number;
}

/** One leg of the way from a write to a refusal. */
export interface Stage {
  readonly name: string;
  /** What the figure is. */
  readonly what: string;
  /** Milliseconds; null where nothing passed. */
  readonly lagMs: number | null;
  readonly detail: string;
  readonly level: Level;
}

export interface JobView {
  readonly application: string | null;
  readonly status: string | null;
  readonly applicationVersion: number | null;
  readonly state: string | null;
  readonly tasks: { readonly running: number; readonly total: number } | null;
  readonly restarts: number | null;
  readonly lastFailure: string | null;
  readonly checkpoint: {
    readonly atMs: number;
    readonly tookMs: number;
  } | null;
  readonly checkpoints: { readonly completed: number; readonly failed: number } | null;
  readonly recordsRead: number | null;
  /** Records that the job wrote to the excess stream since it started. */
  readonly excessesWritten: number | null;
  /** Records set aside since the page started, by reason, most first. */
  readonly setAside: readonly { readonly reason: string; readonly count: number }[];
  readonly deadLetters: number | null;
  readonly level: Level;
}
