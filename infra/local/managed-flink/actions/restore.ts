import { Fault } from '../faults';
import type { ApplicationRecord, RunSettings } from '../records';
import type { RunConfiguration } from '../requests';
import { latestSavepoint } from '../snapshots';

/**
 * How the next job is to be restored. AllowNonRestoredState falls back to false unless it is sent, and the
 * restore type to the latest snapshot unless the application takes none.
 */
export function runSettings(snapshotsEnabled: boolean, sent: RunConfiguration | undefined): RunSettings {
  const restore = sent?.ApplicationRestoreConfiguration;
  const byDefault = snapshotsEnabled ? 'RESTORE_FROM_LATEST_SNAPSHOT' : 'SKIP_RESTORE_FROM_SNAPSHOT';
  return {
    restoreType: restore?.ApplicationRestoreType ?? byDefault,
    snapshotName: restore?.SnapshotName,
    allowNonRestoredState: sent?.FlinkRunConfiguration?.AllowNonRestoredState ?? false,
  };
}

/** The savepoint that the settings name; undefined means an empty state. */
export function savepointFor(application: ApplicationRecord, run: RunSettings): string | undefined {
  switch (run.restoreType) {
    case 'SKIP_RESTORE_FROM_SNAPSHOT':
      return undefined;
    case 'RESTORE_FROM_LATEST_SNAPSHOT':
      return latestSavepoint(application);
    case 'RESTORE_FROM_CUSTOM_SNAPSHOT':
      return customSavepoint(application, run.snapshotName);
  }
}

function customSavepoint(application: ApplicationRecord, name: string | undefined): string | undefined {
  if (name === undefined) {
    throw new Fault(
      'InvalidArgumentException',
      'SnapshotName must be given with RESTORE_FROM_CUSTOM_SNAPSHOT',
    );
  }
  const snapshot = application.snapshots.find((other) => other.name === name);
  if (snapshot === undefined) {
    throw new Fault('ResourceNotFoundException', `Snapshot not found: ${name} of ${application.name}`);
  }
  if (snapshot.status !== 'READY') {
    throw new Fault('InvalidArgumentException', `Snapshot ${name} is ${snapshot.status}, not READY`);
  }
  return snapshot.savepoint;
}
