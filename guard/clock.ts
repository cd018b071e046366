import type { Report } from './events';

/** How far the guard's clock may be from Redis's before it is corrected. */
export const skewBoundMs = 1_000;

/** What Redis's clock said, and how long the answer took. */
export interface StoreTime {
  /** Epoch milliseconds. */
  readonly storeMs: number;
  readonly roundTripMs: number;
}

/**
 * The clock by which suspensions end. It is the machine's own as long as that is right; where it is further from
 * Redis's than `skewBoundMs`, it is corrected by the difference, so that no suspension lasts longer or shorter than
 * that. Redis's clock stands in for the suspender's: it is the one clock that all guards see.
 */
export class Clock {
  #correctionMs = 0;
  #skewMs: number | undefined;

  constructor(
    private readonly own: () => number,
    private readonly report: Report,
  ) {}

  /** Epoch milliseconds. */
  now(): number {
    return this.own() + this.#correctionMs;
  }

  /** How far the own clock is ahead of Redis's, in milliseconds; undefined as long as Redis was not asked. */
  get skewMs(): number | undefined {
    return this.#skewMs;
  }

  /** Compares the own clock with what Redis just answered. Half of the round trip is what cannot be known. */
  compare({ storeMs, roundTripMs }: StoreTime): void {
    const skewMs = Math.round(this.own() - (storeMs + roundTripMs / 2));
    const wasRight = this.#correctionMs === 0;
    this.#skewMs = skewMs;
    this.#correctionMs = Math.abs(skewMs) - roundTripMs / 2 > skewBoundMs ? -skewMs : 0;
    if (!wasRight || this.#correctionMs === 0) return;
    const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
    this.report(
      'clock-skew',
      `This machine's clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} Redis's; suspensions end by Redis's.`,
    );
  }
}
