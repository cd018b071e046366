import type { UsageEntry } from '../../lambdas/contracts/usage-record';

/** Entries of one second, each (resource, key, subject) once. */
export interface SecondOfUsage {
  readonly second: number;
  readonly entries: readonly UsageEntry[];
}

/** Adds up usage by second and (resource, key, subject), with a bound on how many entries there are. */
export class Counts {
  #seconds = new Map<number, Map<string, UsageEntry>>();
  #size = 0;

  /** Entries that are kept. */
  get size(): number {
    return this.#size;
  }

  /** Adds to an entry; makes one only where `mayGrow`. Answers whether the usage was added. */
  add(second: number, usage: UsageEntry, mayGrow: boolean): boolean {
    const { resource, key, subject, units, writes } = usage;
    let entries = this.#seconds.get(second);
    if (entries === undefined) {
      if (!mayGrow) return false;
      this.#seconds.set(second, (entries = new Map()));
    }
    // No resource holds a space and the key's length is said, so that two different triples never make one name.
    const name = `${resource} ${String(key.length)} ${key}${subject}`;
    const entry = entries.get(name);
    if (entry !== undefined) {
      entry.units += units;
      entry.writes += writes;
      return true;
    }
    if (!mayGrow) return false;
    entries.set(name, { ...usage });
    this.#size++;
    return true;
  }

  /** Takes everything out, the oldest second first. */
  take(): SecondOfUsage[] {
    const taken = [...this.#seconds]
      .map(([second, entries]) => ({ second, entries: [...entries.values()] }))
      .sort((one, other) => one.second - other.second);
    this.#seconds = new Map();
    this.#size = 0;
    return taken;
  }
}
