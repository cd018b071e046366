import type { KinesisLimits } from './limits';
import { AmountRate, CallRate, ReadAllowance } from './rates';

/** What one shard gave and took of late. */
export class ShardRates {
  readonly reads: CallRate;
  readonly iterators: CallRate;
  readonly allowance: ReadAllowance;
  private readonly writtenBytes: AmountRate;
  private readonly writtenRecords: AmountRate;
  private lastRead: Promise<unknown> = Promise.resolve();

  constructor(limits: KinesisLimits) {
    this.reads = new CallRate(limits.readsPerSecond);
    this.iterators = new CallRate(limits.shardIteratorsPerSecond);
    this.allowance = new ReadAllowance(limits);
    this.writtenBytes = new AmountRate(limits.writtenBytesPerSecond);
    this.writtenRecords = new AmountRate(limits.writtenRecordsPerSecond);
  }

  /** Counts a record, or answers false when it does not fit into the second. */
  takeRecord(bytes: number, nowMs: number): boolean {
    if (!this.writtenBytes.fits(bytes, nowMs) || !this.writtenRecords.fits(1, nowMs)) return false;
    this.writtenBytes.add(bytes, nowMs);
    this.writtenRecords.add(1, nowMs);
    return true;
  }

  /** Runs one read after the other: only when an answer is there does the next one know what is left. */
  async inTurn<T>(read: () => Promise<T>): Promise<T> {
    const turn = this.lastRead.then(read, read);
    this.lastRead = turn.catch(() => undefined);
    return turn;
  }
}
