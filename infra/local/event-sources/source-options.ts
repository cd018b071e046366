import type { Log } from '../../../lambdas/delivery/log';
import type { Checkpoints } from './checkpoints';
import type { FailedBatch } from './failed-batch';
import { type EventFilter, eventFilter, type FilterCriteria } from './event-filter';
import type { Handler } from './invoke';

/** What every event source of a stream is started with. Names and defaults are those of Lambda's event source
 * mappings where it has them. */
export interface StreamSourceOptions<Event> {
  readonly handler: Handler<Event>;
  /** The function's name, in logs and in documents of failed batches. */
  readonly functionName: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly log: Log;
  /** @default 100 */
  readonly batchSize?: number;
  /** @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /** Tries of a batch after the first one. @default -1, no bound */
  readonly maximumRetryAttempts?: number;
  /** A batch whose first record is older is given up. @default -1, no bound */
  readonly maximumRecordAgeSeconds?: number;
  /** The function's answer names the records that failed. @default false */
  readonly reportBatchItemFailures?: boolean;
  /** A batch that failed is tried again in two halves. @default false */
  readonly bisectBatchOnFunctionError?: boolean;
  /** Batches of one shard that may be under way at a time; records of one key stay in order. @default 1 */
  readonly parallelizationFactor?: number;
  /** Which records are delivered. @default all */
  readonly filterCriteria?: FilterCriteria;
  /** Not there: refused unless it is 0. @default 0 */
  readonly tumblingWindowInSeconds?: number;
  /**
   * Takes shards up again as AWS may after a failover or a change of settings: from before the checkpoint, and with
   * batches cut anew, as the seed has it. The checkpoints must come from a source that had this too. @default it goes
   * on exactly where it was
   */
  readonly reslicing?: { readonly seed: number } | undefined;
  /** Takes batches that are given up. @default they are only logged */
  readonly onFailure?: (failed: FailedBatch) => Promise<void>;
  /** @default in memory */
  readonly checkpoints?: Checkpoints;
  /** The function's time limit. @default 60 */
  readonly timeoutSeconds?: number;
  /** Time from one read of a shard to the next while it has no more. @default the rate at which Lambda polls */
  readonly pollIntervalMs?: number;
  /** Time from one look for new shards to the next. @default 2000 */
  readonly discoveryIntervalMs?: number;
  /** Time before the first retry of a batch; doubled up to 100 times that. @default 100 */
  readonly firstRetryDelayMs?: number;
}

/** Options with their defaults filled in. */
export interface StreamSourceRules {
  readonly functionName: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly log: Log;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeMs: number;
  readonly reportBatchItemFailures: boolean;
  readonly bisectBatchOnFunctionError: boolean;
  readonly parallelizationFactor: number;
  readonly filter: EventFilter | undefined;
  readonly reslicing: { readonly seed: number } | undefined;
  readonly onFailure: (failed: FailedBatch) => Promise<void>;
  readonly pollIntervalMs: number;
  readonly discoveryIntervalMs: number;
  readonly firstRetryDelayMs: number;
}

/** Fills in the defaults. Throws a RangeError for an option that Lambda would refuse. */
export function rulesOf(
  options: StreamSourceOptions<never>,
  defaultPollIntervalMs: number,
  filterFields: readonly string[] | undefined,
): StreamSourceRules {
  if ((options.tumblingWindowInSeconds ?? 0) !== 0) {
    throw new RangeError(
      'tumblingWindowInSeconds is not supported by the local event sources: aggregate in Flink, as Spillway does',
    );
  }
  const attempts = within('maximumRetryAttempts', options.maximumRetryAttempts ?? -1, -1, 10_000);
  const ageSeconds = within('maximumRecordAgeSeconds', options.maximumRecordAgeSeconds ?? -1, -1, 604_800);
  const windowSeconds = options.maximumBatchingWindowSeconds ?? 0;
  return {
    functionName: options.functionName,
    startingPosition: options.startingPosition,
    log: options.log,
    batchSize: within('batchSize', options.batchSize ?? 100, 1, 10_000),
    windowMs: within('maximumBatchingWindowSeconds', windowSeconds, 0, 300) * 1000,
    maximumRetryAttempts: attempts < 0 ? Infinity : attempts,
    maximumRecordAgeMs: ageSeconds < 0 ? Infinity : ageSeconds * 1000,
    reportBatchItemFailures: options.reportBatchItemFailures ?? false,
    bisectBatchOnFunctionError: options.bisectBatchOnFunctionError ?? false,
    parallelizationFactor: within('parallelizationFactor', options.parallelizationFactor ?? 1, 1, 10),
    filter: options.filterCriteria && eventFilter(options.filterCriteria, filterFields),
    reslicing: options.reslicing,
    onFailure: options.onFailure ?? (() => Promise.resolve()),
    pollIntervalMs: within('pollIntervalMs', options.pollIntervalMs ?? defaultPollIntervalMs, 1, 60_000),
    discoveryIntervalMs: within('discoveryIntervalMs', options.discoveryIntervalMs ?? 2_000, 1, 60_000),
    firstRetryDelayMs: within('firstRetryDelayMs', options.firstRetryDelayMs ?? 100, 1, 60_000),
  };
}

/** Throws a RangeError for a number that lies elsewhere, or is none. */
export function within(option: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new RangeError(
    `${option} is ${String(value)}, which must lie between ${String(least)} and ${String(most)}`,
  );
}
