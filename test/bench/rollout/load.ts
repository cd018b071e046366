import { setTimeout as pause } from 'node:timers/promises';
import type { LocalClients } from '../../../infra/local/clients';
import type { Resources } from '../../../infra/local/resources';
import type { UsageRecord } from '../../../lambdas/contracts/usage-record';
import { putUsage } from '../../end-to-end/put-usage';

/** A subject that writes so many units each second, from second to second of the load's own count. */
export interface Writer {
  readonly subject: string;
  readonly unitsPerSecond: number;
  readonly from: number;
  /** Exclusive; absent for as long as the load goes on. */
  readonly until?: number;
}

/** Usage in real time, second by second, of writers that may be added while it goes on. */
export class Load {
  readonly #written = new Map<string, Map<number, number>>();
  readonly #writers: Writer[] = [];
  #running: Promise<void> | undefined;
  #stop = false;

  constructor(
    private readonly clients: LocalClients,
    private readonly resources: Resources,
    /** Units with which a subject of its own passes every limit, each second. */
    private readonly pulseUnits: number,
  ) {}

  /** What was written so far: for each subject its units by epoch second. */
  get written(): ReadonlyMap<string, ReadonlyMap<number, number>> {
    return this.#written;
  }

  /** From the second on in which it is called. */
  add(...writers: readonly Writer[]): void {
    this.#writers.push(...writers);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends after the second that is under way. Answers the first epoch second in which nothing was written. */
  async stop(): Promise<number> {
    this.#stop = true;
    await this.#running;
    return Math.max(...[...this.#written.values()].flatMap((seconds) => [...seconds.keys()])) + 1;
  }

  async #run(): Promise<void> {
    for (let second = Math.floor(Date.now() / 1_000); !this.#stop; second += 1) {
      // The second is written when it is over, as a batch of the estimator would be.
      await pause(Math.max(0, (second + 1) * 1_000 - Date.now()));
      const units = new Map([[`pulse-${second}`, this.pulseUnits]]);
      for (const { subject, unitsPerSecond, from, until = Infinity } of this.#writers) {
        if (second >= from && second < until) units.set(subject, (units.get(subject) ?? 0) + unitsPerSecond);
      }
      await putUsage(this.clients, this.resources, [record(second, units)]);
      for (const [subject, some] of units) {
        const seconds = this.#written.get(subject) ?? new Map<number, number>();
        this.#written.set(subject, seconds.set(second, some));
      }
    }
  }
}

function record(second: number, units: ReadonlyMap<string, number>): UsageRecord {
  const entries = [...units].map(([subject, some]) => ({
    resource: 'users',
    key: `S:${subject}`,
    subject,
    units: some,
    writes: 1,
  }));
  return { version: 1, source: 'users', batch: `second-${second}`, part: 0, second, entries };
}
