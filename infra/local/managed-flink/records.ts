import type {
  ApplicationRestoreType,
  ApplicationStatus,
  LogLevel,
  MetricsLevel,
  OperationStatus,
  RuntimeEnvironment,
  SnapshotStatus,
} from '@aws-sdk/client-kinesis-analytics-v2';

// What the endpoint remembers, in the shape in which it lies in the state file. Times are epoch milliseconds.

/**
 * When something was created, to the second: a delete must repeat it exactly, and AWS's CLI sends whole seconds.
 */
export function creationMs(nowMs: number): number {
  return Math.floor(nowMs / 1000) * 1000;
}

export interface CodeLocation {
  bucket: string;
  key: string;
  objectVersion?: string | undefined;
}

export interface Configuration {
  runtime: RuntimeEnvironment;
  role: string;
  code: CodeLocation & { md5: string; sizeBytes: number };
  checkpoints: { custom: boolean; enabled: boolean; intervalMs: number; minPauseMs: number };
  monitoring: { custom: boolean; metricsLevel: MetricsLevel; logLevel: LogLevel };
  parallelism: { custom: boolean; parallelism: number; perKpu: number; autoScaling: boolean };
  propertyGroups: { id: string; map: Record<string, string> }[];
  snapshotsEnabled: boolean;
  systemRollbackEnabled: boolean;
  /** Where the service would write the job's log. */
  loggingOptions: { id: string; logStreamArn: string }[];
}

export interface RunSettings {
  restoreType: ApplicationRestoreType;
  snapshotName?: string | undefined;
  allowNonRestoredState: boolean;
}

export interface SnapshotRecord {
  name: string;
  status: SnapshotStatus;
  applicationVersion: number;
  runtime: RuntimeEnvironment;
  createdMs: number;
  /** What Flink was asked under: a restarted endpoint asks there how it went. */
  trigger?: { jobId: string; requestId: string } | undefined;
  /** Where Flink wrote the savepoint; absent until it has. */
  savepoint?: string | undefined;
}

export interface OperationRecord {
  id: string;
  operation: string;
  status: OperationStatus;
  startedMs: number;
  endedMs: number;
  error?: string | undefined;
  versionFrom?: number | undefined;
  versionTo?: number | undefined;
  /** The operation that took the application back to its last version because this one failed. */
  rollbackOperationId?: string | undefined;
}

/** One version of an application: every change of its settings makes one. */
export interface VersionRecord {
  version: number;
  versionCreatedMs: number;
  updatedFromVersion?: number | undefined;
  /** Of a version that a rollback made: which version was left, and which one it repeats. */
  rolledBackFromVersion?: number | undefined;
  rolledBackToVersion?: number | undefined;
  configuration: Configuration;
  run: RunSettings;
  /** Whether a job of this version has run: a rollback goes back to the last one that has. */
  hasRun: boolean;
  wasRolledBack: boolean;
}

/** An application, with its current version's members. */
export interface ApplicationRecord extends VersionRecord {
  name: string;
  arn: string;
  description?: string | undefined;
  status: ApplicationStatus;
  createdMs: number;
  updatedMs: number;
  /** Changes with every change of the application, its state included. */
  conditionalToken: string;
  /** The versions before the current one, the oldest first. */
  earlierVersions: VersionRecord[];
  /** What auto-scaling made of the configured parallelism. */
  scaledParallelism?: number | undefined;
  /** When the eight-hour window of maintenance opens, `HH:MM` in UTC. */
  maintenanceWindowStart: string;
  tags: Record<string, string>;
  /** The Flink job while there is one. */
  job?: { id: string; jarId: string; version: number } | undefined;
  snapshots: SnapshotRecord[];
  operations: OperationRecord[];
}
