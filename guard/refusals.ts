import { randomUUID } from 'node:crypto';
import type { ActiveSet } from './active-set';
import type { Report } from './events';
import type { RefusalBatch, StoreConnection } from './store-connection';

const hourMs = 3_600_000;
/** The most (hour, subject) pairs that are kept while Redis is gone: a few MB. */
const mostKept = 10_000;
const mostPerBatch = 500;

/**
 * Counts refused requests by subject and hour, and adds the counts to the store now and then. A batch that failed
 * is sent again under its own name, which the store takes once, so that a lost answer counts nothing twice.
 */
export class Refusals {
  #total = 0;
  #dropped = 0;
  #droppedBefore = 0;
  #kept = 0;
  /** The hour to which the active set's refusals belong that have not been taken over yet. */
  #hour = 0;
  #counts = new Map<number, Map<string, number>>();
  #batches: RefusalBatch[] = [];
  #flushing: Promise<void> | undefined;
  #failing = false;

  constructor(
    private readonly store: StoreConnection,
    private readonly active: ActiveSet,
    private readonly report: Report,
  ) {}

  /** Refused since the guard was made. */
  get total(): number {
    return this.#total;
  }

  /** Of those, how many are in no count because too many subjects were refused while Redis was gone. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Counts a refusal, in the active set at first: a second look for the subject would double the time of a check. */
  count(slot: number, nowMs: number): void {
    this.#total++;
    const hourStartMs = this.#hour * hourMs;
    if (nowMs < hourStartMs || nowMs >= hourStartMs + hourMs) {
      this.#takeOver();
      this.#hour = Math.floor(nowMs / hourMs);
    }
    this.active.countRefusal(slot);
  }

  #takeOver(): void {
    const taken = this.active.takeRefusals();
    if (taken.length === 0) return;
    let subjects = this.#counts.get(this.#hour);
    if (subjects === undefined) this.#counts.set(this.#hour, (subjects = new Map()));
    for (const [subject, count] of taken) {
      const before = subjects.get(subject);
      if (before === undefined && this.#kept >= mostKept) {
        this.#dropped += count;
        continue;
      }
      if (before === undefined) this.#kept++;
      subjects.set(subject, (before ?? 0) + count);
    }
  }

  /** Adds what was counted to the store. Never rejects: what cannot be added is kept for the next time. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  /** Adds everything counted up to now, also what was counted during a flush that is under way. Never rejects. */
  async finish(): Promise<void> {
    await this.#flushing;
    await this.flush();
  }

  async #flush(): Promise<void> {
    this.#takeOver();
    this.#reportDropped();
    // Batches that failed come first, and new ones are cut only after them: while Redis is gone counts add up
    // in one place instead of piling up.
    try {
      await this.#sendBatches();
      this.#cutBatches();
      await this.#sendBatches();
      this.#failing = false;
    } catch (cause) {
      if (this.#failing) return;
      this.#failing = true;
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.report('refusals-kept', `Counts of refused requests are kept until Redis takes them (${reason}).`);
    }
  }

  async #sendBatches(): Promise<void> {
    for (let batch = this.#batches[0]; batch !== undefined; batch = this.#batches[0]) {
      await this.store.addRefusals(batch);
      this.#batches.shift();
      this.#kept -= batch.counts.length;
    }
  }

  #cutBatches(): void {
    this.#takeOver();
    const counts = this.#counts;
    this.#counts = new Map();
    for (const [hour, subjects] of counts) {
      const lines = [...subjects];
      for (let from = 0; from < lines.length; from += mostPerBatch) {
        this.#batches.push({ id: randomUUID(), hour, counts: lines.slice(from, from + mostPerBatch) });
      }
    }
  }

  #reportDropped(): void {
    const more = this.#dropped - this.#droppedBefore;
    if (more === 0) return;
    this.#droppedBefore = this.#dropped;
    this.report(
      'refusals-dropped',
      `${String(more)} refused requests are in no count: ${String(mostKept)} subjects' counts wait for Redis already.`,
    );
  }
}
