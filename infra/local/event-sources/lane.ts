import { createHash } from 'node:crypto';
import type { ReadRecord } from './stream-port';

/** Lambda's limit of an invocation's payload, 6 MB (Developer Guide, "Lambda quotas"). */
export const payloadLimitBytes = 6 * 1024 * 1024;

/** The lane of a record: those of one key are in one lane, so that they stay in order. */
export function laneNumber(orderKey: string, lanes: number): number {
  return lanes === 1 ? 0 : createHash('md5').update(orderKey).digest().readUInt32BE(0) % lanes;
}

/** Records of a shard that wait for their turn, in order. One batch of a lane is delivered at a time. */
export class Lane {
  /** The batch that is being delivered stays in it until it is settled. */
  private readonly records: ReadRecord[] = [];
  private bytes = 0;
  private readonly readAtMs: number[] = [];
  isDelivering = false;

  get length(): number {
    return this.records.length;
  }

  get waitingBytes(): number {
    return this.bytes;
  }

  get oldest(): ReadRecord | undefined {
    return this.records[0];
  }

  add(record: ReadRecord, readAtMs: number): void {
    this.records.push(record);
    this.readAtMs.push(readAtMs);
    this.bytes += record.json.length;
  }

  isFull(batchSize: number): boolean {
    return this.records.length >= batchSize || this.bytes >= payloadLimitBytes;
  }

  windowEndsAtMs(windowMs: number): number {
    return (this.readAtMs[0] ?? Infinity) + windowMs;
  }

  /** The first records, as many as one event may hold. */
  batch(batchSize: number): readonly ReadRecord[] {
    let bytes = 0;
    let count = 0;
    for (const { json } of this.records) {
      if (count >= batchSize || (count > 0 && bytes + json.length > payloadLimitBytes)) break;
      bytes += json.length;
      count++;
    }
    return this.records.slice(0, count);
  }

  /** Takes out its first records, which are these. */
  settle(settled: readonly ReadRecord[]): void {
    this.records.splice(0, settled.length);
    this.readAtMs.splice(0, settled.length);
    this.bytes -= settled.reduce((sum, { json }) => sum + json.length, 0);
  }
}
