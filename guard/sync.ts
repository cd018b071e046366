import type { StoreChange } from '../lambdas/contracts/suspension-store';
import type { ActiveSet } from './active-set';
import type { Report } from './events';
import { readChange, readSuspension } from './read-change';
import type { StoreConnection, StoreStamp } from './store-connection';

/** `starting`: not tried yet. `current`: follows the store. `stale`: goes on with the last set it read, if any. */
export type SyncStatus = 'starting' | 'current' | 'stale';

export interface SyncState extends StoreStamp {
  readonly status: SyncStatus;
  /** Since when it has that status, in epoch milliseconds. */
  readonly since: number;
  /** Whether Redis pushes changes; without that they are found by polling. */
  readonly push: boolean;
}

/**
 * Keeps the active set like the store. A push that follows the last known version is applied; whatever leaves a
 * gap (a missed push, a new connection, another epoch) has the whole set read again. A poll finds what no push
 * told. Nothing here throws or rejects: what fails is reported and tried with the next poll.
 */
export class Sync {
  #status: SyncStatus = 'starting';
  #since: number;
  #push = false;
  #connected = false;
  #stamp: StoreStamp = { epoch: '', version: 0 };
  #everRead = false;
  #reading = false;
  #readAgain = false;
  #pollTimer: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #whenRead: (() => void)[] = [];

  constructor(
    private readonly store: StoreConnection,
    private readonly active: ActiveSet,
    private readonly report: Report,
    private readonly now: () => number,
    private readonly pollMs: number,
  ) {
    this.#since = now();
  }

  get state(): SyncState {
    return { status: this.#status, since: this.#since, push: this.#push, ...this.#stamp };
  }

  /** Whether the suspensions have been read at all. */
  get everRead(): boolean {
    return this.#everRead;
  }

  /** Resolves when the whole set has been read for the first time. */
  firstRead(): Promise<void> {
    if (this.#everRead) return Promise.resolve();
    return new Promise((resolve) => this.#whenRead.push(resolve));
  }

  open(): void {
    this.store.open({
      onReady: () => {
        this.#connected = true;
        void this.#read();
      },
      onSubscribed: () => {
        this.#push = true;
        // Where the other connection is not up yet, its read is still to come.
        if (this.#connected) void this.#read();
      },
      onChange: (text) => {
        this.#receive(text);
      },
      onDown: (connection, reason) => {
        if (connection === 'commands') this.#connected = false;
        this.#lose(connection, reason);
      },
    });
    this.#schedulePoll();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#pollTimer);
    this.store.close();
  }

  /** Spread by a quarter to either side, so that guards started together do not ask together. */
  #schedulePoll(): void {
    if (this.#closed) return;
    const delayMs = this.pollMs * (0.75 + Math.random() / 2);
    this.#pollTimer = setTimeout(() => {
      void this.#poll().finally(() => {
        this.#schedulePoll();
      });
    }, delayMs);
    this.#pollTimer.unref();
  }

  async #poll(): Promise<void> {
    this.active.sweep(this.now());
    if (this.#reading) return;
    const asked = this.#stamp;
    try {
      const { epoch, version } = await this.store.readStamp();
      // A push may have overtaken the answer; older than what was known when asking is something else.
      const known = this.#stamp;
      const same = epoch === known.epoch && version >= asked.version && version <= known.version;
      if (!same || !this.#everRead) await this.#read();
      else this.#setStatus('current', 'Redis answers again.');
    } catch (cause) {
      this.#lose('commands', textOf(cause));
    }
  }

  async #read(): Promise<void> {
    if (this.#reading) {
      this.#readAgain = true;
      return;
    }
    this.#reading = true;
    try {
      do {
        this.#readAgain = false;
        this.#takeOver(await this.store.readAll());
      } while (this.#takeReadAgain());
    } catch (cause) {
      this.#lose('commands', textOf(cause));
    } finally {
      this.#reading = false;
    }
  }

  #takeReadAgain(): boolean {
    return this.#readAgain && !this.#closed;
  }

  #takeOver({ epoch, version, suspensions }: StoreStamp & { readonly suspensions: readonly string[] }): void {
    const before = this.#stamp;
    // The same store with a lower version has lost changes too: a replica took over that lacked the last ones.
    const wasReset = before.epoch !== '' && (epoch !== before.epoch || version < before.version);
    const read = suspensions.map(readSuspension);
    const understood = read.filter((suspension) => suspension !== undefined);
    this.active.replace(understood, wasReset, this.now());
    this.#stamp = { epoch, version };
    this.#everRead = true;
    if (understood.length < read.length) {
      const count = String(read.length - understood.length);
      this.report('malformed', `${count} entries of the store are no suspensions this guard understands.`);
    }
    if (wasReset) {
      this.report(
        'reset',
        `The store lost what it held (epoch ${before.epoch}, version ${String(before.version)} became ` +
          `${epoch === '' ? 'no epoch' : `epoch ${epoch}`}, version ${String(version)}). ` +
          'The suspensions known before stay in force until each one ends.',
      );
    }
    this.#setStatus('current', `The guard follows the store; ${String(this.active.size)} suspensions.`);
    for (const resolve of this.#whenRead.splice(0)) resolve();
  }

  #receive(text: string): void {
    const change = readChange(text);
    if (change === undefined) {
      this.report('malformed', `A pushed change is none that this guard understands: ${text.slice(0, 200)}`);
    } else {
      this.#apply(change);
    }
  }

  #apply(change: StoreChange): void {
    const { epoch, version } = this.#stamp;
    if (change.epoch === epoch && change.version <= version) return;
    // During a read nothing is applied, because the read may be older or newer than the change.
    if (this.#reading || change.epoch !== epoch || change.version > version + 1) {
      void this.#read();
      return;
    }
    this.#stamp = { epoch, version: change.version };
    if ('suspension' in change) this.active.put(change.suspension);
    else this.active.lift(change.lifted);
  }

  #lose(connection: 'commands' | 'push', reason: string): void {
    if (this.#closed) return;
    if (connection === 'push') {
      if (this.#push)
        this.report('push-lost', `Changes are not pushed (${reason}); the guard polls for them.`);
      this.#push = false;
      return;
    }
    this.#setStatus(
      'stale',
      this.#everRead
        ? `Redis does not answer (${reason}). The ${String(this.active.size)} last known suspensions stay in force.`
        : `Redis was not reached yet (${reason}). The guard knows of no suspension.`,
    );
  }

  #setStatus(status: 'current' | 'stale', message: string): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#since = this.now();
    this.report(status, message);
  }
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
