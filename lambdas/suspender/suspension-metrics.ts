import type { SuspensionRequest } from '../contracts/suspension-request';
import { metricLine } from '../delivery/metrics';
import type { Decision } from './store';

/** A request that was decided, and when. */
export interface Decided {
  readonly request: SuspensionRequest;
  readonly decision: Decision;
  readonly atMs: number;
}

/** What became of a batch of messages. */
export interface DecidedBatch {
  readonly messages: number;
  readonly decided: readonly Decided[];
  /** Messages that are left to the queue: no requests, or none that could be decided. */
  readonly failed: number;
}

/**
 * What a batch decided: how soon it suspended, and requests that the open breaker held, that were too old to suspend for,
 * and that could not be decided. None where nothing of it happened. Whom it suspended is a figure of the hour, which the
 * operator function gives as a metric.
 */
export function suspensionMetrics(
  Store: string,
  { messages, decided, failed }: DecidedBatch,
  nowMs: number,
): string[] {
  const of = (kind: Decision['kind']): readonly Decided[] =>
    decided.filter(({ decision }) => decision.kind === kind);
  const suspended = of('suspended').filter(({ decision }) => decision.simulated !== true);
  const delays = suspended.map(({ request, atMs }) => atMs / 1000 - request.excess.windowEnd);
  const counts = {
    RequestsHeld: of('held').length,
    // A message is decided, left to the queue, or too old.
    RequestsTooOld: messages - decided.length - failed,
    RequestsFailed: failed,
  };
  if (suspended.length + Object.values(counts).reduce((sum, count) => sum + count, 0) === 0) return [];
  const slowest = delays.length > 0 && { SuspensionDelay: Math.max(0, ...delays) };
  return [metricLine({ Store }, { ...counts, ...slowest }, nowMs)];
}
