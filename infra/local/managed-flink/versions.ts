import type { ApplicationRecord, Configuration, RunSettings, VersionRecord } from './records';

/** Old versions are forgotten, so that the state file stays small. */
const KEPT_VERSIONS = 200;

interface NewVersion {
  configuration: Configuration;
  run: RunSettings;
  rolledBackFromVersion?: number;
  rolledBackToVersion?: number;
  /** Whether a job that runs already counts as one of the new version. */
  hasRun?: boolean;
}

/** Makes a new version the current one; the one before it stays in the history. */
export function beginVersion(application: ApplicationRecord, next: NewVersion, nowMs: number): void {
  const before = versionOf(application);
  application.earlierVersions = [...application.earlierVersions, before].slice(-KEPT_VERSIONS);
  Object.assign(application, {
    version: before.version + 1,
    versionCreatedMs: nowMs,
    updatedFromVersion: before.version,
    rolledBackFromVersion: next.rolledBackFromVersion,
    rolledBackToVersion: next.rolledBackToVersion,
    configuration: next.configuration,
    run: next.run,
    hasRun: next.hasRun ?? false,
    wasRolledBack: false,
  } satisfies VersionRecord);
  application.updatedMs = nowMs;
}

/** Takes back the versions that came to nothing because the job of an older one still runs. */
export function returnToVersionOfJob(application: ApplicationRecord): void {
  const { job } = application;
  while (job !== undefined && application.version > job.version) {
    const before = application.earlierVersions.pop();
    if (before === undefined) return;
    Object.assign(application, before);
  }
  application.hasRun = true;
  application.wasRolledBack = false;
}

/** The current version, without the application around it. */
export function versionOf(application: ApplicationRecord): VersionRecord {
  const { version, versionCreatedMs, updatedFromVersion, rolledBackFromVersion, rolledBackToVersion } =
    application;
  const { configuration, run, hasRun, wasRolledBack } = application;
  return {
    version,
    versionCreatedMs,
    updatedFromVersion,
    rolledBackFromVersion,
    rolledBackToVersion,
    configuration,
    run,
    hasRun,
    wasRolledBack,
  };
}

/** All versions that are known, the newest first. */
export function allVersions(application: ApplicationRecord): VersionRecord[] {
  return [...application.earlierVersions, versionOf(application)].reverse();
}

/** The version that a rollback of the current one goes back to: the last before it that ran and was not left. */
export function previousRunningVersion(application: ApplicationRecord): VersionRecord | undefined {
  return application.earlierVersions.filter(({ hasRun, wasRolledBack }) => hasRun && !wasRolledBack).at(-1);
}

/** Does what the service calls a rollback: a new version with the settings of the given one. */
export function beginRollback(application: ApplicationRecord, target: VersionRecord, nowMs: number): void {
  const left = application.version;
  application.wasRolledBack = true;
  beginVersion(
    application,
    {
      configuration: target.configuration,
      run: {
        restoreType: 'RESTORE_FROM_LATEST_SNAPSHOT',
        allowNonRestoredState: target.run.allowNonRestoredState,
      },
      rolledBackFromVersion: left,
      rolledBackToVersion: target.version,
    },
    nowMs,
  );
}
