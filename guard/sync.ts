import type { ActiveSet } from './active-set';
import type { Clock } from './clock';
import type { Report } from './events';
import { type Change, readChange, readSuspensions } from './read-change';
import type { StoreConnection, StoreStamp } from './store-connection';
import type { Suspension } from './suspension';

/** `starting`: not tried yet. `current`: follows the store. `stale`: goes on with the last set it read, if any. */
export type SyncStatus = 'starting' | 'current' | 'stale';

export interface SyncState extends StoreStamp {
  readonly status: SyncStatus;
  /** Since when it has that status, in epoch milliseconds. */
  readonly since: number;
  /** Whether Redis pushes changes; without that they are found by polling. */
  readonly push: boolean;
}

/** Where so many changes are pushed during one read of the set, it is read again instead. */
const mostChangesKept = 10_000;

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
  #pollAfterRead = false;
  /** Pushed during a read: older or newer than what is read, which only its version tells. */
  #pushedMeanwhile: Change[] = [];
  #pollTimer: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #whenRead: (() => void)[] = [];

  constructor(
    private readonly store: StoreConnection,
    private readonly active: ActiveSet,
    private readonly report: Report,
    private readonly clock: Clock,
    private readonly pollMs: number,
  ) {
    this.#since = clock.now();
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
        // What was changed before may have been missed: the store's version tells. A read that is under way may have
        // been too early; where the other connection is not up yet, its read is still to come.
        if (this.#reading) this.#pollAfterRead = true;
        else if (this.#connected) void this.#poll();
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
    this.active.sweep(this.clock.now());
    // Without a connection there is nobody to ask: its loss was reported, and a new one begins with a read.
    if (this.#reading || !this.#connected) return;
    const asked = this.#stamp;
    void this.#compareClocks();
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
    void this.#compareClocks();
    try {
      do {
        this.#readAgain = false;
        this.#pushedMeanwhile = [];
        const { suspensions, ...stamp } = await this.store.readAll();
        this.#takeOver(stamp, await readSuspensions(suspensions));
      } while (this.#takeReadAgain());
    } catch (cause) {
      this.#lose('commands', textOf(cause));
    } finally {
      this.#reading = false;
    }
    if (!this.#pollAfterRead) return;
    this.#pollAfterRead = false;
    await this.#poll();
  }

  async #compareClocks(): Promise<void> {
    if (!this.clock.isComparable) return;
    const time = await this.store.readTime();
    if (time !== undefined) this.clock.compare(time);
  }

  #takeReadAgain(): boolean {
    return this.#readAgain && !this.#closed;
  }

  #takeOver({ epoch, version }: StoreStamp, read: readonly (Suspension | undefined)[]): void {
    const before = this.#stamp;
    // The same store with a lower version has lost changes too: a replica took over that lacked the last ones.
    const wasReset = before.epoch !== '' && (epoch !== before.epoch || version < before.version);
    const understood = read.filter((suspension) => suspension !== undefined);
    this.active.replace(understood, wasReset, this.clock.now());
    this.#stamp = { epoch, version };
    this.#everRead = true;
    for (const change of this.#pushedMeanwhile.splice(0)) this.#apply(change);
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
    } else if (!this.#reading) {
      this.#apply(change);
    } else if (this.#pushedMeanwhile.length < mostChangesKept) {
      this.#pushedMeanwhile.push(change);
    } else {
      this.#readAgain = true;
    }
  }

  /** Applies a change that follows what is known. One that leaves a gap has the whole set read. */
  #apply(change: Change): void {
    const { epoch, version } = this.#stamp;
    if (change.epoch === epoch && change.version <= version) return;
    if (change.epoch !== epoch || change.version > version + 1) {
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
    this.#since = this.clock.now();
    this.report(status, message);
  }
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
