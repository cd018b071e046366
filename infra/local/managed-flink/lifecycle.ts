import { randomUUID } from 'node:crypto';
import type { ApplicationStatus } from '@aws-sdk/client-kinesis-analytics-v2';
import type { ApplicationStore } from './application-store';
import type { Jobs } from './jobs';
import type { OperationRunner, Progress } from './operation-runner';
import type { ApplicationRecord, OperationRecord } from './records';
import { latestSavepoint, type Snapshots } from './snapshots';
import { beginRollback, previousRunningVersion, returnToVersionOfJob } from './versions';

/** What the long-running operations do: each moves an application from one status through another to a third. */
export class Lifecycle {
  constructor(
    private readonly store: ApplicationStore,
    private readonly jobs: Jobs,
    private readonly snapshots: Snapshots,
    private readonly runner: OperationRunner,
  ) {}

  start(application: ApplicationRecord, savepointPath: string | undefined): OperationRecord {
    return this.runner.begin(application, {
      operation: 'StartApplication',
      during: 'STARTING',
      perform: async (progress) => {
        await this.launch(application, savepointPath, progress);
        return 'RUNNING';
      },
      afterFailure: async () => ({ status: await this.statusAfterFailure(application) }),
    });
  }

  /** Stops with a snapshot where the application takes snapshots; by force without one, whatever goes on. */
  stop(application: ApplicationRecord, force: boolean): OperationRecord {
    const freed = force ? this.runner.takeOver(application, 'stopped by force') : Promise.resolve();
    return this.runner.begin(application, {
      operation: 'StopApplication',
      during: force ? 'FORCE_STOPPING' : 'STOPPING',
      perform: async (progress) => {
        await freed;
        await this.halt(application, !force, progress.signal);
        return 'READY';
      },
      afterFailure: async () => ({ status: await this.statusAfterFailure(application) }),
    });
  }

  /**
   * Takes the running job's state into a job of the application's new version, or drops it. Where the old job
   * could not be stopped it runs on, and its version is the current one again. Where the new job did not come up,
   * the application is READY, or goes back to its last version if it asked for that.
   */
  replaceJob(
    application: ApplicationRecord,
    versionFrom: number,
    savepointOf: () => string | undefined,
  ): OperationRecord {
    return this.runner.begin(application, {
      operation: 'UpdateApplication',
      during: 'UPDATING',
      versionFrom,
      perform: async (progress) => {
        await this.halt(application, true, progress.signal);
        await this.launch(application, savepointOf(), progress);
        return 'RUNNING';
      },
      afterFailure: async () => {
        const status = await this.statusAfterFailure(application);
        const rollsBack =
          status === 'READY' &&
          application.configuration.systemRollbackEnabled &&
          previousRunningVersion(application) !== undefined &&
          latestSavepoint(application) !== undefined;
        return { status, ...(rollsBack && { rollback: () => this.rollback(application) }) };
      },
    });
  }

  /**
   * Runs the last version that ran, from the latest snapshot, whatever the current one is doing. The caller has
   * seen to it that there is such a version and a snapshot.
   */
  rollback(application: ApplicationRecord): OperationRecord {
    const target = previousRunningVersion(application);
    if (target === undefined) throw new Error(`application ${application.name} never ran another version`);
    const versionFrom = application.version;
    const freed = this.runner.takeOver(application, 'rolled back');
    beginRollback(application, target, Date.now());
    return this.runner.begin(application, {
      operation: 'RollbackApplication',
      during: 'ROLLING_BACK',
      versionFrom,
      perform: async (progress) => {
        await freed;
        await this.jobs.cancel(application, progress.signal);
        await this.launch(application, latestSavepoint(application), progress);
        return 'RUNNING';
      },
      afterFailure: async () => ({ status: await this.statusAfterFailure(application) }),
    });
  }

  /** The service's own maintenance: what runs is restarted with its state. */
  maintain(application: ApplicationRecord): OperationRecord {
    return this.restart(application, 'ApplicationMaintenance', 'MAINTENANCE', () => undefined);
  }

  /** What auto-scaling does: the job is restarted with its state and another parallelism. */
  autoScale(application: ApplicationRecord, parallelism: number): OperationRecord {
    return this.restart(application, 'ApplicationAutoScaling', 'AUTOSCALING', () => {
      application.scaledParallelism = parallelism;
    });
  }

  delete(application: ApplicationRecord): void {
    const freed = this.runner.takeOver(application, 'the application was deleted');
    this.runner.begin(application, {
      operation: 'DeleteApplication',
      during: 'DELETING',
      perform: async ({ signal }) => {
        await freed;
        await this.jobs.cancel(application, signal);
        this.jobs.removeFiles(application);
        await this.runner.leastWhile(signal);
        this.store.remove(application.name);
        return 'DELETING';
      },
      afterFailure: async () => ({ status: await this.statusAfterFailure(application) }),
    });
  }

  /** Stops what runs, lets the caller change something, and runs it again from its latest snapshot. */
  private restart(
    application: ApplicationRecord,
    operation: string,
    during: ApplicationStatus,
    change: () => void,
  ): OperationRecord {
    const runs = application.status === 'RUNNING';
    return this.runner.begin(application, {
      operation,
      during,
      perform: async (progress) => {
        if (runs) await this.halt(application, true, progress.signal);
        change();
        if (!runs) return 'READY';
        await this.launch(application, latestSavepoint(application), progress);
        return 'RUNNING';
      },
      afterFailure: async () => ({ status: await this.statusAfterFailure(application) }),
    });
  }

  /** RUNNING, at the version of the job, where the job lives after all. */
  private async statusAfterFailure(application: ApplicationRecord): Promise<ApplicationStatus> {
    try {
      if (await this.jobs.isAlive(application)) {
        returnToVersionOfJob(application);
        return 'RUNNING';
      }
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
    { signal, reach }: Progress,
  ): Promise<void> {
    await reach('launch');
    await this.jobs.launch(application, savepointPath, signal, (job) => {
      application.job = { ...job, version: application.version };
      this.store.save(application);
    });
    application.hasRun = true;
  }

  /** Ends the job, with a snapshot where one is wanted and the application takes them. */
  private async halt(
    application: ApplicationRecord,
    withSnapshot: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    if (withSnapshot && application.configuration.snapshotsEnabled) {
      await this.snapshots.takeAndStop(application, randomUUID(), signal);
    } else await this.jobs.cancel(application, signal);
  }
}
