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
}

export interface ApplicationRecord {
  name: string;
  arn: string;
  description?: string | undefined;
  status: ApplicationStatus;
  createdMs: number;
  updatedMs: number;
  version: number;
  versionCreatedMs: number;
  updatedFromVersion?: number | undefined;
  /** Changes with every change of the application, its state included. */
  conditionalToken: string;
  configuration: Configuration;
  run: RunSettings;
  /** The Flink job while there is one. */
  job?: { id: string; jarId: string } | undefined;
  snapshots: SnapshotRecord[];
  operations: OperationRecord[];
}
