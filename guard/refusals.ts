import { randomUUID } from 'node:crypto';
import type { ActiveEntry } from './active-set';
import type { Report } from './events';
import type { RefusalBatch, StoreConnection } from './store-connection';

const hourMs = 3_600_000;
/** The most (hour, subject) pairs that are kept while Redis is gone: a few MB. */
const mostKept = 10_000;
const mostPerBatch = 500;

/** One subject's refusals of one hour that wait to be added to the store. */
export interface Tally {
  count: number;
  /** When the hour ends, in epoch milliseconds; 0 once the tally has been taken away to be added. */
  endMs: number;
}

/**
 * Counts refused requests by subject and hour, and adds the counts to the store now and then. A batch that failed
 * is sent again under its own name, which the store takes once, so that a lost answer counts nothing twice.
 */
export class Refusals {
  #total = 0;
  #dropped = 0;
  #droppedBefore = 0;
  #kept = 0;
  #counts = new Map<number, Map<string, Tally>>();
  #batches: RefusalBatch[] = [];
  #flushing: Promise<void> | undefined;
  #failing = false;

  constructor(
    private readonly store: StoreConnection,
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

  /** Counts a refusal under the entry's subject. The entry's tally makes that one addition for all but the first. */
  count(entry: ActiveEntry, nowMs: number): void {
    this.#total++;
    let { tally } = entry;
    if (tally === undefined || nowMs >= tally.endMs) {
      tally = entry.tally = this.#tallyFor(entry.suspension.subject, nowMs);
      if (tally === undefined) {
        this.#dropped++;
        return;
      }
    }
    tally.count++;
  }

  #tallyFor(subject: string, nowMs: number): Tally | undefined {
    const hour = Math.floor(nowMs / hourMs);
    let subjects = this.#counts.get(hour);
    if (subjects === undefined) this.#counts.set(hour, (subjects = new Map()));
    const known = subjects.get(subject);
    if (known !== undefined || this.#kept >= mostKept) return known;
    this.#kept++;
    const tally = { count: 0, endMs: (hour + 1) * hourMs };
    subjects.set(subject, tally);
    return tally;
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
    const counts = this.#counts;
    this.#counts = new Map();
    for (const [hour, subjects] of counts) {
      const lines = [...subjects].map(([subject, tally]) => {
        tally.endMs = 0;
        return [subject, tally.count] as const;
      });
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
