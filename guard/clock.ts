import type { Report } from './events';

/** How far the guard's clock may be from Redis's before it is corrected. */
export const skewBoundMs = 1_000;

/** What Redis's clock said, and how long the answer took. */
export interface StoreTime {
  /** Epoch milliseconds. */
  readonly storeMs: number;
  readonly roundTripMs: number;
}

/** How old `recent` may be. */
const tickMs = 20;

/**
 * The clock by which suspensions end. It is the machine's own as long as that is right; where it is further from
 * Redis's than `skewBoundMs`, it is corrected by the difference, so that no suspension lasts longer or shorter than
 * that. Redis's clock stands in for the suspender's: it is the one clock that all guards see. A clock that the API
 * gives is taken as right.
 */
export class Clock {
  readonly #own: () => number;
  #correctionMs = 0;
  #skewMs: number | undefined;
  #recentMs = 0;
  #recentAsked = false;
  #ticks: NodeJS.Timeout | undefined;

  constructor(
    private readonly given: (() => number) | undefined,
    private readonly report: Report,
  ) {
    this.#own = given ?? Date.now;
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#own() + this.#correctionMs;
  }

  /**
   * The same, up to 20 ms and what occupies the event loop old. Asking the machine can take several times as long as
   * finding an entry, so a timer asks, only while refusals go on.
   */
  recent(): number {
    if (this.given !== undefined) return this.given();
    this.#recentAsked = true;
    if (this.#ticks === undefined) this.#startTicking();
    return this.#recentMs;
  }

  /** Whether it should be compared with Redis's. */
  get isComparable(): boolean {
    return this.given === undefined;
  }

  /** How far the own clock is ahead of Redis's, in milliseconds; undefined as long as Redis was not asked. */
  get skewMs(): number | undefined {
    return this.#skewMs;
  }

  /** Compares the own clock with what Redis just answered. Half of the round trip is what cannot be known. */
  compare({ storeMs, roundTripMs }: StoreTime): void {
    const skewMs = Math.round(this.#own() - (storeMs + roundTripMs / 2));
    const wasRight = this.#correctionMs === 0;
    this.#skewMs = skewMs;
    this.#correctionMs = Math.abs(skewMs) - roundTripMs / 2 > skewBoundMs ? -skewMs : 0;
    if (this.#ticks !== undefined) this.#recentMs = this.now();
    if (!wasRight || this.#correctionMs === 0) return;
    const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
    this.report(
      'clock-skew',
      `This machine's clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} Redis's; suspensions end by Redis's.`,
    );
  }

  #startTicking(): void {
    this.#recentMs = this.now();
    this.#ticks = setInterval(() => {
      if (!this.#recentAsked) {
        clearInterval(this.#ticks);
        this.#ticks = undefined;
      }
      this.#recentAsked = false;
      this.#recentMs = this.now();
    }, tickMs);
    this.#ticks.unref();
  }
}
