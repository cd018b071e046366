import { Fault } from './faults';

export interface RateLimit {
  /** How many requests for one action are answered each second, in the long run. @default 20 */
  requestsPerSecond: number;
  /** How many may come at once after a silence. @default 40 */
  burst: number;
}

export const DEFAULT_RATE: RateLimit = { requestsPerSecond: 20, burst: 40 };

/** Throttles each action by itself: a bucket of `burst` tokens that fills up at the rate. */
export class RequestRate {
  private readonly buckets = new Map<string, { tokens: number; filledMs: number }>();

  constructor(
    private readonly limit: RateLimit,
    private readonly now: () => number,
  ) {}

  /** ThrottlingException where the action was asked for too often. */
  take(action: string): void {
    const { requestsPerSecond, burst } = this.limit;
    const nowMs = this.now();
    const bucket = this.buckets.get(action) ?? { tokens: burst, filledMs: nowMs };
    const passedSeconds = Math.max(0, nowMs - bucket.filledMs) / 1000;
    const tokens = Math.min(burst, bucket.tokens + passedSeconds * requestsPerSecond);
    this.buckets.set(action, { tokens: tokens < 1 ? tokens : tokens - 1, filledMs: nowMs });
    if (tokens < 1) throw new Fault('ThrottlingException', 'Rate exceeded');
  }
}
