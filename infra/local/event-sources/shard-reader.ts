import { deliverBatch } from './batch-delivery';
import type { Checkpoints } from './checkpoints';
import { backoffMs, errorText, pause } from './pause';
import { Lane, laneNumber, payloadLimitBytes } from './lane';
import { recentRecords } from './reslicing';
import { SettledPrefix } from './settled-prefix';
import type { StreamSourceRules } from './source-options';
import type { Position, ReadRecord, StreamPort } from './stream-port';

const longestPollBackoffMs = 5_000;
const longestIdleMs = 60_000;

/** How far a shard is. */
export interface ShardProgress {
  readonly shardId: string;
  /** Records settled: the function took them, they were given up, or a filter kept them back. */
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
  /** How many records the next batch may have. */
  readonly batchSize: () => number;
  readonly signal: AbortSignal;
}

/**
 * Reads one shard in order and delivers it batch by batch: one batch at a time, or one in each of its lanes. `run`
 * ends at the shard's end (true) or soon after the signal (false), and never rejects: errors of the stream are logged
 * and tried again.
 */
export class ShardReader {
  private readonly lanes: readonly Lane[];
  private readonly prefix = new SettledPrefix();
  private readonly delivering = new Set<Promise<void>>();
  /** Aborted when there may be something to do. */
  private idle = new AbortController();
  private recent: readonly string[] = [];
  private settledCount = 0;
  private atTip = false;
  private ended = false;
  private failures = 0;
  private nextReadAtMs = 0;
  private nextBatchSize: number;
  private iterator: string | undefined;

  constructor(
    private readonly parts: ShardReaderParts,
    private position: Position,
  ) {
    this.lanes = Array.from({ length: parts.rules.parallelizationFactor }, () => new Lane());
    this.nextBatchSize = parts.batchSize();
  }

  /** Fixes where reading begins. Throws the stream's error. */
  async open(): Promise<void> {
    const { port, shardId, signal } = this.parts;
    this.iterator = await port.openIterator(shardId, this.position, signal);
  }

  progress(): ShardProgress {
    const arrivals = this.lanes.flatMap(({ oldest }) => oldest?.arrivedAtMs ?? []);
    return {
      shardId: this.parts.shardId,
      settled: this.settledCount,
      waiting: this.waiting,
      oldestWaitingMs: arrivals.length > 0 ? Math.max(0, Date.now() - Math.min(...arrivals)) : 0,
      atTip: this.atTip,
    };
  }

  async run(): Promise<boolean> {
    const { rules, shardId, signal } = this.parts;
    const wake = (): void => this.idle.abort();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        try {
          this.idle = new AbortController();
          if (await this.turn()) return true;
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
          const waitMs = backoffMs(this.failures, rules.pollIntervalMs, longestPollBackoffMs);
          this.nextReadAtMs = Date.now() + waitMs;
          await pause(waitMs, this.idle.signal);
        }
      }
      return false;
    } finally {
      signal.removeEventListener('abort', wake);
      await Promise.all(this.delivering);
    }
  }

  /** Does what is due and waits until something is again; true when the shard is through. */
  private async turn(): Promise<boolean> {
    const { checkpoints, shardId } = this.parts;
    if (this.mayRead() && Date.now() >= this.nextReadAtMs) await this.read();
    this.deliverWhatIsDue();
    if (this.ended && this.waiting === 0) {
      await checkpoints.save(shardId, { done: true });
      return true;
    }
    const wakeAtMs = Math.min(this.mayRead() ? this.nextReadAtMs : Infinity, this.windowsEndAtMs());
    // A timer cannot be set for ever; what ends a longer wait is a batch that is through, or the signal.
    await pause(Math.min(wakeAtMs - Date.now(), longestIdleMs), this.idle.signal);
    return false;
  }

  private get waiting(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.length, 0);
  }

  /** Not while there is enough for a batch of each lane: what is read is held in memory. */
  private mayRead(): boolean {
    const bytes = this.lanes.reduce((sum, { waitingBytes }) => sum + waitingBytes, 0);
    const lanes = this.lanes.length;
    return (
      !this.ended && this.waiting < this.parts.rules.batchSize * lanes && bytes < payloadLimitBytes * lanes
    );
  }

  private windowsEndAtMs(): number {
    const { windowMs } = this.parts.rules;
    const ends = this.lanes.map((lane) => (lane.isDelivering ? Infinity : lane.windowEndsAtMs(windowMs)));
    return Math.min(...ends);
  }

  private deliverWhatIsDue(): void {
    const { rules } = this.parts;
    for (const lane of this.lanes) {
      const isDue =
        this.ended || lane.isFull(this.nextBatchSize) || Date.now() >= lane.windowEndsAtMs(rules.windowMs);
      if (lane.length === 0 || lane.isDelivering || !isDue) continue;
      lane.isDelivering = true;
      const delivered = this.deliver(lane, lane.batch(this.nextBatchSize)).finally(() => {
        lane.isDelivering = false;
        this.delivering.delete(delivered);
        this.idle.abort();
      });
      this.delivering.add(delivered);
      this.nextBatchSize = this.parts.batchSize();
    }
  }

  private async deliver(lane: Lane, batch: readonly ReadRecord[]): Promise<void> {
    const { port, shardId, rules, invoke, signal } = this.parts;
    const settled = async (records: readonly ReadRecord[]): Promise<void> => {
      lane.settle(records);
      await this.settle(records);
    };
    await deliverBatch({ port, shardId, rules, invoke, settled, signal }, batch);
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
    this.nextReadAtMs = startedAtMs + (result.atTip ? rules.pollIntervalMs : port.leastReadIntervalMs);
    this.iterator = result.nextIterator;
    this.ended = result.nextIterator === undefined;
    const last = result.records.at(-1);
    if (last === undefined) return;
    this.position = { after: last.sequenceNumber };
    const keptBack: ReadRecord[] = [];
    for (const record of result.records) {
      this.prefix.read(record.sequenceNumber);
      if (this.passesFilter(record)) {
        this.lanes[laneNumber(record.orderKey, this.lanes.length)]?.add(record, startedAtMs);
      } else {
        keptBack.push(record);
      }
    }
    if (keptBack.length > 0) await this.settle(keptBack);
  }

  private passesFilter(record: ReadRecord): boolean {
    const { port, rules } = this.parts;
    if (rules.filter === undefined) return true;
    const document = port.filterDocument(record);
    return document !== undefined && rules.filter(document);
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

  /** Never rejects: a checkpoint that cannot be kept now is kept with the next one. */
  private async settle(records: readonly ReadRecord[]): Promise<void> {
    const { checkpoints, rules, shardId } = this.parts;
    this.settledCount += records.length;
    for (const { sequenceNumber } of records) this.prefix.settle(sequenceNumber);
    const passed = this.prefix.pass();
    const after = passed.at(-1);
    if (after === undefined) return;
    this.recent = [...this.recent, ...passed].slice(-recentRecords);
    try {
      await checkpoints.save(shardId, rules.reslicing ? { after, recent: this.recent } : { after });
    } catch (cause) {
      rules.log({
        level: 'error',
        event: 'checkpoint-failed',
        message: `What ${rules.functionName} has of ${shardId} could not be remembered and may come again: ${errorText(cause)}`,
        shardId,
      });
    }
  }
}
