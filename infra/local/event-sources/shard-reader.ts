import { deliverBatch } from './batch-delivery';
import type { Checkpoints } from './checkpoints';
import { backoffMs, errorText, pause } from './pause';
import type { StreamSourceRules } from './source-options';
import type { Position, ReadRecord, StreamPort } from './stream-port';

/** Lambda's limit of an invocation's payload, 6 MB (Developer Guide, "Lambda quotas"). */
const payloadLimitBytes = 6 * 1024 * 1024;

const longestPollBackoffMs = 5_000;

/** How far a shard is. */
export interface ShardProgress {
  readonly shardId: string;
  /** Records settled: the function took them, or they were given up. */
  readonly settled: number;
  /** Records read and not settled. */
  readonly waiting: number;
  /** Age of the oldest record that was read and is not settled, 0 where there is none. */
  readonly oldestWaitingMs: number;
  /** The last read found nothing more. */
  readonly atTip: boolean;
}

export interface ShardReaderParts {
  readonly port: StreamPort;
  readonly shardId: string;
  readonly rules: StreamSourceRules;
  readonly checkpoints: Checkpoints;
  readonly invoke: (payload: string) => Promise<unknown>;
  readonly signal: AbortSignal;
}

/**
 * Reads one shard in order and delivers it batch by batch, one batch at a time. `run` ends at the shard's end
 * (true) or soon after the signal (false), and never rejects: errors of the stream are logged and tried again.
 */
export class ShardReader {
  private waiting: ReadRecord[] = [];
  private waitingBytes = 0;
  private oldestReadAtMs = 0;
  private settled = 0;
  private atTip = false;
  private ended = false;
  private failures = 0;
  private nextReadAtMs = 0;
  private iterator: string | undefined;

  constructor(
    private readonly parts: ShardReaderParts,
    private position: Position,
  ) {}

  /** Fixes where reading begins. Throws the stream's error. */
  async open(): Promise<void> {
    const { port, shardId, signal } = this.parts;
    this.iterator = await port.openIterator(shardId, this.position, signal);
  }

  progress(): ShardProgress {
    const oldest = this.waiting[0];
    return {
      shardId: this.parts.shardId,
      settled: this.settled,
      waiting: this.waiting.length,
      oldestWaitingMs: oldest ? Math.max(0, Date.now() - oldest.arrivedAtMs) : 0,
      atTip: this.atTip,
    };
  }

  async run(): Promise<boolean> {
    const { rules, shardId, signal } = this.parts;
    while (!signal.aborted) {
      try {
        await this.turn();
        if (this.ended && this.waiting.length === 0) {
          await this.parts.checkpoints.save(shardId, { done: true });
          return true;
        }
      } catch (cause) {
        if (signal.aborted) break;
        this.failures++;
        rules.log({
          level: 'warn',
          event: 'poll-failed',
          message: `Reading ${shardId} for ${rules.functionName} failed and is tried again: ${errorText(cause)}`,
          shardId,
          failures: this.failures,
        });
        await pause(backoffMs(this.failures, rules.pollIntervalMs, longestPollBackoffMs), signal);
      }
    }
    return false;
  }

  private async turn(): Promise<void> {
    const { rules, signal } = this.parts;
    if (!this.ended && !this.batchIsFull() && Date.now() >= this.nextReadAtMs) await this.read();
    if (
      this.waiting.length > 0 &&
      (this.ended || this.batchIsFull() || Date.now() >= this.windowEndsAtMs())
    ) {
      const batch = this.takeBatch();
      const { port, shardId, invoke } = this.parts;
      const settled = (records: readonly ReadRecord[]): Promise<void> => this.settle(records);
      await deliverBatch({ port, shardId, rules, invoke, settled, signal }, batch);
      return;
    }
    if (this.ended) return;
    const wakeAtMs = Math.min(this.nextReadAtMs, this.waiting.length > 0 ? this.windowEndsAtMs() : Infinity);
    await pause(wakeAtMs - Date.now(), signal);
  }

  private batchIsFull(): boolean {
    return this.waiting.length >= this.parts.rules.batchSize || this.waitingBytes >= payloadLimitBytes;
  }

  private windowEndsAtMs(): number {
    return this.oldestReadAtMs + this.parts.rules.windowMs;
  }

  private async read(): Promise<void> {
    const { port, rules, shardId, signal } = this.parts;
    const startedAtMs = Date.now();
    let result;
    try {
      this.iterator ??= await port.openIterator(shardId, this.position, signal);
      result = await port.read(shardId, this.iterator, signal);
    } catch (cause) {
      this.forgetLostIterator(cause);
      // A shard that is gone has ended: there is nothing to try again.
      if (this.ended) return;
      throw cause;
    }
    this.failures = 0;
    this.atTip = result.atTip;
    this.nextReadAtMs = result.atTip ? startedAtMs + rules.pollIntervalMs : 0;
    this.iterator = result.nextIterator;
    this.ended = result.nextIterator === undefined;
    const last = result.records.at(-1);
    if (last === undefined) return;
    if (this.waiting.length === 0) this.oldestReadAtMs = startedAtMs;
    this.position = { after: last.sequenceNumber };
    for (const record of result.records) {
      this.waiting.push(record);
      this.waitingBytes += record.json.length;
    }
  }

  /** An iterator that can no longer be used is opened again after the last record that was read. */
  private forgetLostIterator(cause: unknown): void {
    const { port, rules, shardId } = this.parts;
    const loss = port.iteratorLoss(cause);
    if (loss === undefined) return;
    this.iterator = undefined;
    if (loss === 'shard-gone') this.ended = true;
    // Whoever reads from the oldest record on misses nothing. DynamoDB Local says so of an iterator at an empty shard
    // when another table was written to in the meantime.
    const missesNothing = loss === 'trimmed' && 'at' in this.position && this.position.at === 'TRIM_HORIZON';
    if (loss === 'trimmed') this.position = { at: 'TRIM_HORIZON' };
    if (loss !== 'expired' && !missesNothing) {
      rules.log({
        level: 'error',
        event: 'records-trimmed',
        message: `Records of ${shardId} were removed from the stream before ${rules.functionName} had read them: ${errorText(cause)}`,
        shardId,
      });
    }
  }

  private takeBatch(): readonly ReadRecord[] {
    let bytes = 0;
    let count = 0;
    for (const { json } of this.waiting) {
      if (count >= this.parts.rules.batchSize || (count > 0 && bytes + json.length > payloadLimitBytes))
        break;
      bytes += json.length;
      count++;
    }
    return this.waiting.slice(0, count);
  }

  private async settle(records: readonly ReadRecord[]): Promise<void> {
    const last = records.at(-1);
    if (last === undefined) return;
    this.waiting.splice(0, records.length);
    this.waitingBytes -= records.reduce((sum, { json }) => sum + json.length, 0);
    this.settled += records.length;
    await this.parts.checkpoints.save(this.parts.shardId, { after: last.sequenceNumber });
  }
}
