import type { Excess } from '../contracts/excess';
import { metricLine } from '../delivery/metrics';

/** What became of a batch of excesses. */
export interface AlertedBatch {
  readonly heard: readonly Excess[];
  readonly unheard: readonly Excess[];
  /** Requests that the queue did not take; they are tried again. */
  readonly notSent: number;
}

/** What a batch of excesses counts for. None where it had no excess. */
export function excessMetrics(
  FunctionName: string,
  { heard, unheard, notSent }: AlertedBatch,
  nowMs: number,
): string[] {
  if (heard.length + unheard.length === 0) return [];
  const oldest = Math.min(...heard.map(({ windowEnd }) => windowEnd));
  const values = {
    ExcessesHeard: heard.length,
    ExcessesNotHeard: unheard.length,
    RequestsNotSent: notSent,
    ...(heard.length > 0 && { ExcessAge: Math.max(0, Math.floor(nowMs / 1000) - oldest) }),
  };
  return [metricLine({ FunctionName }, values, nowMs)];
}
