import type { StoreStamp } from '../../guard/store-connection';

/** The store at one moment: subjects and the ends of their suspensions, in epoch milliseconds. */
export interface StoreContent extends StoreStamp {
  readonly active: ReadonlyMap<string, number>;
}

/**
 * What a guard should know, written plainly: all that the store holds, and, where the store was reset, what was known
 * before until each one ends or the store tells of its subject again.
 */
export class SyncModel {
  nowMs = 1_700_000_000_000;
  /** Whether the guard can reach the store. */
  connected = true;
  resets = 0;
  #stamp: StoreStamp = { epoch: '', version: 0 };
  #known = new Map<string, number>();
  readonly #retained = new Set<string>();

  /** The guard has read the store as it is now. */
  follow({ epoch, version, active }: StoreContent): void {
    const before = this.#stamp;
    const wasReset = before.epoch !== '' && (epoch !== before.epoch || version < before.version);
    if (wasReset) {
      this.resets += 1;
      for (const subject of this.#known.keys()) this.#retained.add(subject);
    }
    for (const subject of active.keys()) this.#retained.delete(subject);
    const retained = [...this.#known].filter(([subject]) => this.#retained.has(subject));
    this.#known = new Map([...retained, ...active]);
    this.#stamp = { epoch, version };
  }

  /** Whom the guard refuses, sorted. */
  refused(): string[] {
    const inForce = [...this.#known].filter(([, until]) => until > this.nowMs);
    this.#known = new Map(inForce);
    for (const subject of this.#retained) if (!this.#known.has(subject)) this.#retained.delete(subject);
    return inForce.map(([subject]) => subject).sort();
  }
}
