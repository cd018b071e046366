import type { z } from 'zod';
import { snapshotDetails } from '../descriptions';
import { Fault } from '../faults';
import type { ApplicationRecord, SnapshotRecord } from '../records';
import type { deleteSnapshotRequest, listSnapshotsRequest, snapshotRequest } from '../requests';
import type { Context } from './context';
import { pageOf } from './page-of';

export function createSnapshot(context: Context, request: z.infer<typeof snapshotRequest>): object {
  const application = context.store.get(request.ApplicationName);
  if (!application.configuration.snapshotsEnabled) {
    throw new Fault(
      'InvalidApplicationConfigurationException',
      `Application ${application.name} does not take snapshots: ApplicationSnapshotConfiguration turns them on`,
    );
  }
  if (application.status !== 'RUNNING') {
    throw new Fault(
      'ResourceInUseException',
      `Application ${application.name} is ${application.status}: a snapshot is taken when it is RUNNING`,
    );
  }
  context.snapshots.create(application, request.SnapshotName);
  return {};
}

export function describeSnapshot(context: Context, request: z.infer<typeof snapshotRequest>): object {
  const application = context.store.get(request.ApplicationName);
  return { SnapshotDetails: snapshotDetails(snapshotOf(application, request.SnapshotName)) };
}

/** The newest first. */
export function listSnapshots(context: Context, request: z.infer<typeof listSnapshotsRequest>): object {
  const snapshots = [...context.store.get(request.ApplicationName).snapshots].reverse();
  const { page, next } = pageOf(snapshots, request.Limit ?? 50, request.NextToken);
  return { SnapshotSummaries: page.map(snapshotDetails), NextToken: next };
}

export function deleteSnapshot(context: Context, request: z.infer<typeof deleteSnapshotRequest>): object {
  const application = context.store.get(request.ApplicationName);
  const snapshot = snapshotOf(application, request.SnapshotName);
  if (Math.round(request.SnapshotCreationTimestamp * 1000) !== snapshot.createdMs) {
    throw new Fault(
      'InvalidArgumentException',
      `The creation timestamp is not that of snapshot ${snapshot.name}; ListApplicationSnapshots tells it`,
    );
  }
  if (snapshot.status === 'CREATING' || snapshot.status === 'DELETING') {
    throw new Fault('ResourceInUseException', `Snapshot ${snapshot.name} is ${snapshot.status}`);
  }
  context.snapshots.delete(application, snapshot);
  return {};
}

function snapshotOf(application: ApplicationRecord, name: string): SnapshotRecord {
  const snapshot = application.snapshots.find((other) => other.name === name);
  if (snapshot === undefined) {
    throw new Fault('ResourceNotFoundException', `Snapshot not found: ${name} of ${application.name}`);
  }
  return snapshot;
}
