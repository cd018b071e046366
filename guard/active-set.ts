import type { Tally } from './refusals';
import type { Suspension } from './suspension';

/** A suspension in memory, and where its refusals are counted, so that a check finds both with one look. */
export interface ActiveEntry {
  readonly suspension: Suspension;
  tally: Tally | undefined;
}

/** The suspensions in force, in memory. An entry ends by itself: whoever reads it compares `until` with a clock. */
export class ActiveSet {
  #entries = new Map<string, ActiveEntry>();
  /** Subjects whose entries come from before a reset of the store, which therefore does not list them. */
  readonly #retained = new Set<string>();

  /** The subject's entry, which may have ended. */
  get(subject: string): ActiveEntry | undefined {
    return this.#entries.get(subject);
  }

  get size(): number {
    return this.#entries.size;
  }

  put(suspension: Suspension): void {
    this.#retained.delete(suspension.subject);
    this.#entries.set(suspension.subject, { suspension, tally: undefined });
  }

  lift(subject: string): void {
    this.#retained.delete(subject);
    this.#entries.delete(subject);
  }

  /**
   * Takes over everything the store holds. What it does not list is gone, except what was kept from before a
   * reset; `afterReset` says that this read is the first after one, so that the whole set is kept.
   */
  replace(suspensions: Iterable<Suspension>, afterReset: boolean, nowMs: number): void {
    const before = this.#entries;
    const kept = afterReset ? [...before.keys()] : [...this.#retained];
    this.#entries = new Map();
    this.#retained.clear();
    for (const suspension of suspensions) {
      if (suspension.until > nowMs) this.put(suspension);
    }
    for (const subject of kept) {
      const entry = before.get(subject);
      if (entry === undefined || entry.suspension.until <= nowMs || this.#entries.has(subject)) continue;
      this.#entries.set(subject, entry);
      this.#retained.add(subject);
    }
  }

  /** Forgets what has ended. */
  sweep(nowMs: number): void {
    for (const [subject, { suspension }] of this.#entries) {
      if (suspension.until <= nowMs) this.lift(subject);
    }
  }
}
