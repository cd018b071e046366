import type { ParameterTexts } from '../definition/parameter-values';

/** One record as a shard of the usage stream holds it. Times are epoch milliseconds. */
export interface ScriptedRecord {
  readonly shard: string;
  /** When it came to Kinesis. */
  readonly arrivalMs: number;
  /** When the reader gets it; later than its arrival where the shard lags. */
  readonly readMs: number;
  readonly text: string;
}

/** What one job reads. Between two phases its state is saved and restored. */
export interface Phase {
  /** What its job runs, where that is another release than the case's. */
  readonly release?: { readonly application: string; readonly parameters: ParameterTexts };
  readonly parallelism: number;
  readonly records: readonly ScriptedRecord[];
}

/** A row of a sink, as JSON; its times are seconds of the case, see case-time.ts. */
export type Row = Readonly<Record<string, unknown>>;

/** A situation, what is given in it, and what must come out. */
export interface GoldenCase {
  readonly application: string;
  readonly name: string;
  /** One sentence. */
  readonly shows: string;
  /** The folder that holds its files. */
  readonly folder: string;
  readonly parameters: ParameterTexts;
  readonly shards: readonly string[];
  /** When the reader starts. */
  readonly startMs: number;
  readonly phases: readonly Phase[];
  /** Detections that speak before a second is closed: their header's `Speaks` begins with "at once". */
  readonly atOnce: readonly string[];
  /** Detections that a file in `references/` is there for. */
  readonly referenced: readonly string[];
  /** By table; a table that is not named must stay empty. */
  readonly expected: Readonly<Record<string, readonly Row[]>>;
}
