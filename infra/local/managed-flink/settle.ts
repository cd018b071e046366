import type { ApplicationStore } from './application-store';
import type { Jobs } from './jobs';
import type { Lifecycle } from './lifecycle';
import { end, type OperationRunner } from './operation-runner';
import type { Snapshots } from './snapshots';
import { returnToVersionOfJob } from './versions';

interface Parts {
  store: ApplicationStore;
  jobs: Jobs;
  snapshots: Snapshots;
  runner: OperationRunner;
  lifecycle: Lifecycle;
}

/** A restarted endpoint waits so long for the snapshots that were under way. */
const SNAPSHOTS_LIMIT_MS = 60_000;

/**
 * After the endpoint's own restart, also after it was killed: what was under way has failed, snapshots are what
 * Flink made of them, and an application runs if its job does. (The service has no such moment; see
 * docs/local-managed-flink.md.)
 */
export async function settle({ store, jobs, snapshots, runner, lifecycle }: Parts): Promise<void> {
  for (const application of store.all()) {
    const wasUnderWay = application.operations.some(({ status }) => status === 'IN_PROGRESS');
    const wasDeleting = application.status === 'DELETING';
    for (const operation of application.operations) {
      if (operation.status === 'IN_PROGRESS') end(operation, 'FAILED', 'the endpoint was restarted');
    }
    // A job may be ending with its snapshot: whether it runs is asked after that.
    const signal = AbortSignal.timeout(SNAPSHOTS_LIMIT_MS);
    for (const snapshot of application.snapshots) await snapshots.settle(application, snapshot, signal);
    const { job } = application;
    const alive = await jobs.isAlive(application);
    if (!alive && job !== undefined) {
      application.job = undefined;
      // Flink may still be planning what the endpoint asked for before it died.
      if (wasUnderWay) {
        runner.aside(`${application.name} job ${job.id}`, (closing) =>
          jobs.endIfItComes(job.id, closing).catch(() => undefined),
        );
      }
    }
    if (alive) returnToVersionOfJob(application);
    application.status = alive ? 'RUNNING' : 'READY';
    store.save(application);
    if (wasDeleting) lifecycle.delete(application);
  }
}
