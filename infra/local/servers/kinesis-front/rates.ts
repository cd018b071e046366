/** All of these tell the time in milliseconds of a clock that never goes back, given by the caller. */

const secondMs = 1_000;

/** At most so many calls in any one second. */
export class CallRate {
  /** When the last calls were made, the oldest first; never more than the limit. */
  private readonly madeAtMs: number[] = [];

  constructor(private readonly perSecond: number) {}

  /** Counts a call, or answers false when it is one too many; a refused call does not count. */
  take(nowMs: number): boolean {
    const oldest = this.madeAtMs[0];
    if (this.madeAtMs.length >= this.perSecond && oldest !== undefined) {
      if (nowMs - oldest < secondMs) return false;
      this.madeAtMs.shift();
    }
    this.madeAtMs.push(nowMs);
    return true;
  }
}

const slots = 20;
const slotMs = secondMs / slots;

/** At most so much in any one second, counted in slots of 50 ms: what lies up to 1,050 ms back may still count. */
export class AmountRate {
  private readonly amounts = new Float64Array(slots + 1);
  private slot = 0;
  private sum = 0;

  constructor(private readonly perSecond: number) {}

  /** What alone is more than the limit fits when nothing else was there: else it never would. */
  fits(amount: number, nowMs: number): boolean {
    this.forget(nowMs);
    return this.sum + amount <= this.perSecond || this.sum === 0;
  }

  add(amount: number, nowMs: number): void {
    this.forget(nowMs);
    const at = this.slot % this.amounts.length;
    this.amounts[at] = (this.amounts[at] ?? 0) + amount;
    this.sum += amount;
  }

  private forget(nowMs: number): void {
    const slot = Math.floor(nowMs / slotMs);
    if (slot - this.slot >= this.amounts.length) {
      this.amounts.fill(0);
      this.sum = 0;
    } else {
      for (let passed = this.slot + 1; passed <= slot; passed++) {
        const at = passed % this.amounts.length;
        this.sum -= this.amounts[at] ?? 0;
        this.amounts[at] = 0;
      }
    }
    this.slot = Math.max(this.slot, slot);
  }
}

export interface ReadLimits {
  readonly readBytesPerSecond: number;
  readonly largestReadBytes: number;
  readonly pauseAfterLargestReadMs: number;
}

/**
 * How much may be read from a shard. The size of an answer is known when it is there, so an answer may overdraw what
 * is left of the second's bytes; nothing is read until that is made up for.
 */
export class ReadAllowance {
  private left: number;
  private countedAtMs = 0;
  private pausedUntilMs = 0;

  constructor(private readonly limits: ReadLimits) {
    this.left = limits.readBytesPerSecond;
  }

  mayRead(nowMs: number): boolean {
    this.refill(nowMs);
    return nowMs >= this.pausedUntilMs && this.left > 0;
  }

  read(bytes: number, nowMs: number): void {
    this.refill(nowMs);
    this.left -= bytes;
    if (bytes < this.limits.largestReadBytes) return;
    this.pausedUntilMs = nowMs + this.limits.pauseAfterLargestReadMs;
  }

  private refill(nowMs: number): void {
    const perSecond = this.limits.readBytesPerSecond;
    const earned = (perSecond * Math.max(0, nowMs - this.countedAtMs)) / secondMs;
    this.left = Math.min(perSecond, this.left + earned);
    this.countedAtMs = Math.max(this.countedAtMs, nowMs);
  }
}
