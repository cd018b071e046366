import { randomUUID } from 'node:crypto';
import type { ApplicationStatus } from '@aws-sdk/client-kinesis-analytics-v2';
import type { ApplicationStore } from './application-store';
import { Fault, messageOf } from './faults';
import type { Jobs } from './jobs';
import type { ApplicationRecord, OperationRecord, SnapshotRecord } from './records';

/** Old operations are forgotten, so that the state file stays small. */
const KEPT_OPERATIONS = 200;

interface Work {
  operation: string;
  /** The application's status while the work goes on. */
  during: ApplicationStatus;
  versionFrom?: number;
  /** Does it, and answers the status that follows. */
  perform(signal: AbortSignal): Promise<ApplicationStatus>;
}

/** The long-running operations: each moves an application from one status through another to a third. */
export class Lifecycle {
  private readonly underWay = new Map<string, { abort: AbortController; done: Promise<void> }>();

  constructor(
    private readonly store: ApplicationStore,
    private readonly jobs: Jobs,
  ) {}

  start(application: ApplicationRecord, savepointPath: string | undefined): OperationRecord {
    return this.begin(application, {
      operation: 'StartApplication',
      during: 'STARTING',
      perform: async (signal) => {
        await this.launch(application, savepointPath, signal);
        return 'RUNNING';
      },
    });
  }

  /** Stops with a snapshot where the application takes snapshots; by force without one, from any status. */
  stop(application: ApplicationRecord, force: boolean): OperationRecord {
    const before = this.underWay.get(application.name);
    if (force) before?.abort.abort(new Error('stopped by force'));
    return this.begin(application, {
      operation: 'StopApplication',
      during: force ? 'FORCE_STOPPING' : 'STOPPING',
      perform: async (signal) => {
        await before?.done;
        await this.halt(application, application.configuration.snapshotsEnabled && !force, signal);
        return 'READY';
      },
    });
  }

  /** Takes the running job's state into a job of the application's new version, or drops it. */
  replaceJob(
    application: ApplicationRecord,
    versionFrom: number,
    savepointOf: () => string | undefined,
  ): OperationRecord {
    return this.begin(application, {
      operation: 'UpdateApplication',
      during: 'UPDATING',
      versionFrom,
      perform: async (signal) => {
        await this.halt(application, application.configuration.snapshotsEnabled, signal);
        await this.launch(application, savepointOf(), signal);
        return 'RUNNING';
      },
    });
  }

  /** An update of what does not run is done at once. */
  noteUpdate(application: ApplicationRecord, versionFrom: number): OperationRecord {
    const operation = newOperation(application, 'UpdateApplication', versionFrom);
    operation.status = 'SUCCESSFUL';
    this.keep(application, operation);
    return operation;
  }

  delete(application: ApplicationRecord): void {
    const before = this.underWay.get(application.name);
    before?.abort.abort(new Error('the application was deleted'));
    this.begin(application, {
      operation: 'DeleteApplication',
      during: 'DELETING',
      perform: async (signal) => {
        await before?.done;
        await this.jobs.cancel(application, signal);
        this.jobs.removeFiles(application);
        this.store.remove(application.name);
        return 'DELETING';
      },
    });
  }

  /** Begins a snapshot of the running job under the given name. */
  snapshot(application: ApplicationRecord, name: string): void {
    const snapshot = newSnapshot(application, name);
    this.store.save(application);
    this.aside(`${application.name} snapshot ${name}`, (signal) =>
      // That it failed stands in the snapshot's status, as in the service.
      this.writeSavepoint(application, snapshot, false, signal).catch(() => undefined),
    );
  }

  deleteSnapshot(application: ApplicationRecord, snapshot: SnapshotRecord): void {
    snapshot.status = 'DELETING';
    this.store.save(application);
    this.aside(`${application.name} snapshot ${snapshot.name}`, () =>
      this.removeSnapshot(application, snapshot),
    );
  }

  /**
   * After the endpoint's own restart: what was under way has failed, and an application runs if its job does.
   * (The service has no such moment; see docs/local-managed-flink.md.)
   */
  async settle(): Promise<void> {
    for (const application of this.store.all()) {
      for (const operation of application.operations) {
        if (operation.status === 'IN_PROGRESS') end(operation, 'FAILED', 'the endpoint was restarted');
      }
      for (const snapshot of application.snapshots) {
        if (snapshot.status !== 'READY') snapshot.status = 'FAILED';
      }
      const alive = await this.jobs.isAlive(application);
      if (!alive) application.job = undefined;
      application.status = alive ? 'RUNNING' : 'READY';
      this.store.save(application);
    }
  }

  /** Ends the waiting; what was under way stays as it is on Flink. */
  async close(): Promise<void> {
    const all = [...this.underWay.values()];
    for (const { abort } of all) abort.abort(new Error('the endpoint was stopped'));
    await Promise.all(all.map(({ done }) => done));
  }

  /** Something that leaves the application's status alone. */
  private aside(name: string, perform: (signal: AbortSignal) => Promise<void>): void {
    const abort = new AbortController();
    const done = perform(abort.signal).finally(() => this.underWay.delete(name));
    this.underWay.set(name, { abort, done });
  }

  private begin(application: ApplicationRecord, work: Work): OperationRecord {
    const operation = newOperation(application, work.operation, work.versionFrom);
    application.status = work.during;
    this.keep(application, operation);
    const abort = new AbortController();
    const done = this.carryThrough(application, operation, work, abort.signal);
    this.underWay.set(application.name, { abort, done });
    return operation;
  }

  private async carryThrough(
    application: ApplicationRecord,
    operation: OperationRecord,
    work: Work,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      application.status = await work.perform(signal);
      end(operation, 'SUCCESSFUL');
    } catch (thrown) {
      const error = messageOf(thrown);
      end(operation, signal.aborted ? 'CANCELLED' : 'FAILED', error);
      // Whoever aborted has given the application its next status.
      if (!signal.aborted) application.status = await this.statusAfterFailure(application);
    }
    if (this.store.has(application.name)) this.store.save(application);
  }

  private async statusAfterFailure(application: ApplicationRecord): Promise<ApplicationStatus> {
    try {
      if (await this.jobs.isAlive(application)) return 'RUNNING';
      await this.jobs.forget(application);
      return 'READY';
    } catch {
      // Flink does not answer either; the operation's own error says so already.
      return 'READY';
    }
  }

  private async launch(
    application: ApplicationRecord,
    savepointPath: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    await this.jobs.launch(application, savepointPath, signal, (job) => {
      application.job = job;
      this.store.save(application);
    });
  }

  private async halt(
    application: ApplicationRecord,
    withSnapshot: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    if (!withSnapshot) return this.jobs.cancel(application, signal);
    await this.writeSavepoint(application, newSnapshot(application, randomUUID()), true, signal);
  }

  private async writeSavepoint(
    application: ApplicationRecord,
    snapshot: SnapshotRecord,
    stop: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      snapshot.savepoint = await this.jobs.savepoint(application, stop, signal);
      snapshot.status = 'READY';
    } catch (cause) {
      snapshot.status = 'FAILED';
      throw cause;
    } finally {
      this.store.save(application);
    }
  }

  private async removeSnapshot(application: ApplicationRecord, snapshot: SnapshotRecord): Promise<void> {
    try {
      if (snapshot.savepoint !== undefined) await this.jobs.disposeSavepoint(snapshot.savepoint);
      application.snapshots = application.snapshots.filter((other) => other !== snapshot);
    } catch {
      snapshot.status = 'FAILED';
    }
    this.store.save(application);
  }

  private keep(application: ApplicationRecord, operation: OperationRecord): void {
    application.operations = [operation, ...application.operations].slice(0, KEPT_OPERATIONS);
    this.store.save(application);
  }
}

function newOperation(
  application: ApplicationRecord,
  operation: string,
  versionFrom: number | undefined,
): OperationRecord {
  const nowMs = Date.now();
  return {
    id: randomUUID(),
    operation,
    status: 'IN_PROGRESS',
    startedMs: nowMs,
    endedMs: nowMs,
    ...(versionFrom !== undefined && { versionFrom, versionTo: application.version }),
  };
}

function end(operation: OperationRecord, status: OperationRecord['status'], error?: string): void {
  operation.status = status;
  operation.endedMs = Date.now();
  operation.error = error;
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
    createdMs: Date.now(),
  };
  application.snapshots.push(snapshot);
  return snapshot;
}
