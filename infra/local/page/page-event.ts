import type { HourFigures } from '../../../lambdas/contracts/operator';
import type { Excess } from '../../../lambdas/contracts/excess';
import type { SetAside } from '../../../lambdas/contracts/set-aside';
import type { Suspension } from '../../../lambdas/contracts/suspension';
import type { UsageRecord } from '../../../lambdas/contracts/usage-record';
import type { FunctionsProgress } from '../functions';

/** How many requests of a subject were refused in an hour, as the guards have counted them into the store so far. */
export interface RefusalCount {
  /** Hours since 1970. */
  readonly hour: number;
  readonly subject: string;
  readonly count: number;
}

/** The Flink application as Managed Flink describes it. */
export interface ApplicationReading {
  readonly name: string;
  readonly status: string;
  readonly version: number;
  /** The parameters that a heat is judged by; undefined where they are none that the page can read. */
  readonly rule: Rule | undefined;
}

/** What a heat is judged by. */
export interface Rule {
  readonly windowSeconds: number;
  /** Write units per window. */
  readonly limit: number;
  /** Write units per window for single resources, before the general limit. */
  readonly limits: Readonly<Record<string, number>>;
  readonly delaySeconds: number;
  readonly silenceSeconds: number;
}

/** The application's job as Flink tells of it. */
export interface JobReading {
  readonly id: string;
  readonly state: string;
  readonly tasks: { readonly running: number; readonly total: number };
  readonly restarts: number;
  /** The root of what failed last, in one line. */
  readonly lastFailure: string | undefined;
  readonly checkpoints: {
    readonly completed: number;
    readonly failed: number;
    readonly last: { readonly atMs: number; readonly tookMs: number } | undefined;
  };
  /** Event time up to which the slowest task takes the stream to be complete, in epoch milliseconds. */
  readonly watermarkMs: number | undefined;
  /** How far the slowest shard's reading is behind its stream. */
  readonly behindMs: number | undefined;
  readonly recordsRead: number | undefined;
  /** Records written since the job started, by sink: excess, late, malformed. */
  readonly recordsWritten: Readonly<Record<string, number>>;
}

/** Messages that wait in the request queue, are being handled, and have been given up. */
export interface QueueReading {
  readonly waiting: number;
  readonly inFlight: number;
  readonly deadLetters: number;
}

/** A part that the page asks about the system. */
export type Part = 'Redis' | 'Managed Flink' | 'Flink' | 'SQS' | 'Kinesis' | 'The operator function';

/** Everything the page learns, one event at a time. */
export type PageEvent =
  /** What the system is doing until its traffic begins, as a sentence. */
  | { readonly kind: 'phase'; readonly text: string }
  | { readonly kind: 'usage'; readonly record: UsageRecord; readonly arrivedAtMs: number }
  | { readonly kind: 'excess'; readonly excess: Excess; readonly arrivedAtMs: number }
  | { readonly kind: 'set-aside'; readonly record: SetAside }
  /** The store as it is: every suspension it holds, and the refusals counted in the hours that matter. */
  | {
      readonly kind: 'store';
      readonly suspensions: readonly Suspension[];
      readonly refusals: readonly RefusalCount[];
    }
  /** The figures by the hour, the oldest hour first, as the operator function tells them. */
  | { readonly kind: 'figures'; readonly hours: readonly HourFigures[] }
  /** Undefined where there is no such application yet. */
  | { readonly kind: 'application'; readonly reading: ApplicationReading | undefined }
  /** Undefined where there is no job. */
  | { readonly kind: 'job'; readonly reading: JobReading | undefined }
  | { readonly kind: 'queue'; readonly reading: QueueReading }
  | { readonly kind: 'functions'; readonly progress: FunctionsProgress }
  /** A part did not answer; it counts as silent until it answers again. */
  | { readonly kind: 'silent'; readonly part: Part; readonly reason: string }
  | { readonly kind: 'answered'; readonly part: Part };
