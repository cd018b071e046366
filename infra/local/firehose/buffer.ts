import type { Checkpoint, Checkpoints } from '../event-sources/checkpoints';

/** A record that was read and is not yet in an object. */
export interface BufferedRecord {
  readonly text: string;
  readonly sequenceNumber: string;
  /** Milliseconds since 1970. */
  readonly arrivedAtMs: number;
}

/** What one object is made of, and how far the shards are once it is there. */
export interface Taken {
  readonly records: readonly BufferedRecord[];
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
}

/**
 * Holds records until there are enough for an object. Checkpoints of the reading are held back with them and kept when the
 * object is there, so that whoever starts after an end without warning reads again what was only buffered.
 */
export class DeliveryBuffer {
  private records: BufferedRecord[] = [];
  private pending = new Map<string, Checkpoint>();
  private bytes = 0;
  private oldestAtMs: number | undefined;

  constructor(
    private readonly kept: Checkpoints,
    private readonly limits: { readonly megabytes: number; readonly seconds: number },
  ) {}

  /** For the event source that fills this. */
  readonly checkpoints: Checkpoints = {
    load: () => this.kept.load(),
    save: (shardId, checkpoint) => {
      this.pending.set(shardId, checkpoint);
      return Promise.resolve();
    },
  };

  add(records: readonly BufferedRecord[], nowMs: number): void {
    for (const record of records) {
      this.records.push(record);
      this.bytes += Buffer.byteLength(record.text);
    }
    if (records.length > 0) this.oldestAtMs ??= nowMs;
  }

  /** Size is counted before conversion, as Firehose does; time from the first record. */
  isDue(nowMs: number): boolean {
    if (this.oldestAtMs === undefined) return false;
    return (
      this.bytes >= this.limits.megabytes * 1024 * 1024 ||
      nowMs - this.oldestAtMs >= this.limits.seconds * 1_000
    );
  }

  get isFull(): boolean {
    return this.bytes >= this.limits.megabytes * 1024 * 1024;
  }

  /** Empties the buffer. */
  take(): Taken {
    const taken = { records: this.records, checkpoints: this.pending };
    this.records = [];
    this.pending = new Map();
    this.bytes = 0;
    this.oldestAtMs = undefined;
    return taken;
  }

  async keep({ checkpoints }: Taken): Promise<void> {
    for (const [shardId, checkpoint] of checkpoints) await this.kept.save(shardId, checkpoint);
  }
}
