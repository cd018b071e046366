import type { UsageEntry } from '../../lambdas/contracts/usage-record';
import { Counts } from './counts';
import type { Report } from './events';
import { type SentRecord, usageRecords } from './usage-records';

/** Where usage records go. `put` resolves when all are in the stream, and rejects when some may not be. */
export interface UsageSink {
  put(records: readonly { readonly partitionKey: string; readonly json: string }[]): Promise<void>;
}

/** What one call of the sink gets at most, so that a long outage does not end in one huge call. */
const mostRecordsPerCall = 100;

/**
 * Keeps usage until the stream has it. Records that a call failed for are sent again as they are, so that a lost
 * answer counts nothing twice; new ones are made only after them, so that an outage adds up in one place.
 */
export class Outbox {
  #counts = new Counts();
  #records: SentRecord[] = [];
  #kept = 0;
  #flushes = 0;
  #flushing: Promise<void> | undefined;
  #failing = false;
  #dropped = { units: 0, writes: 0 };
  #sent = { units: 0, records: 0 };

  constructor(
    private readonly source: string,
    private readonly sink: UsageSink,
    private readonly mostEntries: number,
    private readonly report: Report,
  ) {}

  /** What found no room. */
  get dropped(): { readonly units: number; readonly writes: number } {
    return { ...this.#dropped };
  }

  /** What the stream has taken. */
  get sent(): { readonly units: number; readonly records: number } {
    return { ...this.#sent };
  }

  /** Entries that wait for the stream. */
  get waiting(): number {
    return this.#kept + this.#counts.size;
  }

  add(second: number, usage: UsageEntry): void {
    if (this.#counts.add(second, usage, this.waiting < this.mostEntries)) return;
    this.#dropped.units += usage.units;
    this.#dropped.writes += usage.writes;
    this.report(
      'dropped',
      '',
      () =>
        `Usage is dropped (${String(this.#dropped.units)} units so far): ${String(this.mostEntries)} entries wait ` +
        `for the stream already.`,
    );
  }

  /** Sends what was added. Never rejects: what the stream does not take is kept for the next time. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  /** Sends everything added up to now, also what was added during a flush that is under way. Never rejects. */
  async finish(): Promise<void> {
    await this.#flushing;
    await this.flush();
  }

  async #flush(): Promise<void> {
    try {
      await this.#sendRecords();
      this.#makeRecords();
      await this.#sendRecords();
      if (this.#failing) this.report('sending', '', () => 'The stream takes usage again.');
      this.#failing = false;
    } catch (cause) {
      this.#failing = true;
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.report('kept', '', () => `Usage is kept until the stream takes it (${reason}).`);
    }
  }

  async #sendRecords(): Promise<void> {
    while (this.#records.length > 0) {
      const call = this.#records.slice(0, mostRecordsPerCall);
      await this.sink.put(call);
      this.#records.splice(0, call.length);
      for (const { entries, units } of call) {
        this.#kept -= entries;
        this.#sent.units += units;
        this.#sent.records++;
      }
    }
  }

  #makeRecords(): void {
    this.#kept += this.#counts.size;
    const taken = this.#counts.take();
    if (taken.length > 0) this.#records.push(...usageRecords(this.source, String(this.#flushes++), taken));
  }
}
