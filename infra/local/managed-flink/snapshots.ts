import type { ApplicationStore } from './application-store';
import { Fault } from './faults';
import type { Jobs } from './jobs';
import type { OperationRunner } from './operation-runner';
import { type ApplicationRecord, creationMs, type SnapshotRecord } from './records';

/** An application's snapshots, each a savepoint of Flink. */
export class Snapshots {
  constructor(
    private readonly store: ApplicationStore,
    private readonly jobs: Jobs,
    private readonly runner: OperationRunner,
    /** How many an application may have before no more can be asked for. */
    private readonly limit: number,
  ) {}

  /** Begins a snapshot of the running job under the given name. */
  create(application: ApplicationRecord, name: string): void {
    if (application.snapshots.length >= this.limit) {
      throw new Fault(
        'LimitExceededException',
        `Application ${application.name} has ${application.snapshots.length} snapshots, the most it may have`,
      );
    }
    const snapshot = newSnapshot(application, name);
    this.store.save(application);
    this.runner.aside(`${application.name} snapshot ${name}`, (signal) =>
      // That it failed stands in the snapshot's status, as in the service.
      this.write(application, snapshot, false, signal).catch(() => undefined),
    );
  }

  delete(application: ApplicationRecord, snapshot: SnapshotRecord): void {
    snapshot.status = 'DELETING';
    this.store.save(application);
    this.runner.aside(`${application.name} snapshot ${snapshot.name}`, async (signal) => {
      await this.runner.leastWhile(signal);
      await this.remove(application, snapshot);
    });
  }

  /** Takes the snapshot that the service takes of what it stops; the job ends with it. */
  async takeAndStop(application: ApplicationRecord, name: string, signal: AbortSignal): Promise<void> {
    await this.write(application, newSnapshot(application, name), true, signal);
    await this.jobs.untilGone(application, signal);
  }

  /** Asks Flink how a snapshot went that was under way when the endpoint was stopped. */
  async settle(application: ApplicationRecord, snapshot: SnapshotRecord, signal: AbortSignal): Promise<void> {
    if (snapshot.status === 'CREATING' && snapshot.trigger !== undefined) {
      const { trigger } = snapshot;
      // Its status says how it went.
      await this.finish(application, snapshot, () => this.jobs.savepointWritten(trigger, signal)).catch(
        () => undefined,
      );
    } else if (snapshot.status === 'DELETING') await this.remove(application, snapshot);
    else if (snapshot.status !== 'READY') snapshot.status = 'FAILED';
  }

  private async write(
    application: ApplicationRecord,
    snapshot: SnapshotRecord,
    stop: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    await this.finish(application, snapshot, async () => {
      const trigger = await this.jobs.beginSavepoint(application, stop, (begun) => {
        snapshot.trigger = begun;
        this.store.save(application);
      });
      return this.jobs.savepointWritten(trigger, signal);
    });
  }

  /** Keeps where the savepoint is, or that there is none. */
  private async finish(
    application: ApplicationRecord,
    snapshot: SnapshotRecord,
    written: () => Promise<string>,
  ): Promise<void> {
    try {
      snapshot.savepoint = await written();
      snapshot.status = 'READY';
    } catch (cause) {
      if (this.runner.isClosed) throw cause;
      snapshot.status = 'FAILED';
      throw cause;
    } finally {
      if (this.store.has(application.name)) this.store.save(application);
    }
  }

  private async remove(application: ApplicationRecord, snapshot: SnapshotRecord): Promise<void> {
    try {
      if (snapshot.savepoint !== undefined) await this.jobs.disposeSavepoint(snapshot.savepoint);
      application.snapshots = application.snapshots.filter((other) => other !== snapshot);
    } catch {
      snapshot.status = 'FAILED';
    }
    this.store.save(application);
  }
}

/** Of the newest snapshot that is READY; undefined where there is none, as for an application's first start. */
export function latestSavepoint(application: ApplicationRecord): string | undefined {
  return application.snapshots.filter(({ status }) => status === 'READY').at(-1)?.savepoint;
}

function newSnapshot(application: ApplicationRecord, name: string): SnapshotRecord {
  if (application.snapshots.some((other) => other.name === name)) {
    throw new Fault('InvalidArgumentException', `Snapshot ${name} exists already`);
  }
  const snapshot: SnapshotRecord = {
    name,
    status: 'CREATING',
    applicationVersion: application.version,
    runtime: application.configuration.runtime,
    createdMs: creationMs(Date.now()),
  };
  application.snapshots.push(snapshot);
  return snapshot;
}
