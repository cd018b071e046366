import type { Suspension, SuspensionScope } from './suspension';

/** A suspension in memory, and how often it refused, so that a check finds all it needs with one look. */
export interface ActiveEntry {
  /** The suspension's own end and scope, here because every check reads them. */
  readonly until: number;
  readonly scope: SuspensionScope;
  readonly suspension: Suspension;
  /** Requests refused since they were last taken over into the counts. */
  refused: number;
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
    this.#entries.set(suspension.subject, entryOf(suspension));
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
      if (entry === undefined || entry.until <= nowMs || this.#entries.has(subject)) continue;
      this.#entries.set(subject, entry);
      this.#retained.add(subject);
    }
  }

  /** Forgets what has ended. */
  sweep(nowMs: number): void {
    for (const [subject, { until }] of this.#entries) {
      if (until <= nowMs) this.lift(subject);
    }
  }
}

function entryOf(suspension: Suspension): ActiveEntry {
  const { until, scope } = suspension;
  // A constant in place of the text that was read: a check compares it without looking at its characters.
  const known = scope === 'writes' ? 'writes' : scope === 'everything' ? 'everything' : scope;
  return { until, scope: known, refused: 0, suspension };
}
