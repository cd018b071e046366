import { bucketArnOf } from './code-in-s3';
import type { ApplicationRecord, Configuration, OperationRecord, SnapshotRecord } from './records';

/** Epoch seconds with a fraction: a timestamp of AWS JSON 1.1. */
export function timestamp(epochMs: number): number {
  return epochMs / 1000;
}

/** `ApplicationDetail` of the API reference. */
export function applicationDetail(application: ApplicationRecord): object {
  return {
    ...applicationSummary(application),
    ApplicationDescription: application.description,
    ServiceExecutionRole: application.configuration.role,
    CreateTimestamp: timestamp(application.createdMs),
    LastUpdateTimestamp: timestamp(application.updatedMs),
    ApplicationVersionCreateTimestamp: timestamp(application.versionCreatedMs),
    ApplicationVersionUpdatedFrom: application.updatedFromVersion,
    ConditionalToken: application.conditionalToken,
    ApplicationConfigurationDescription: configurationDescription(application),
  };
}

/** `ApplicationSummary` of the API reference. */
export function applicationSummary(application: ApplicationRecord): object {
  return {
    ApplicationName: application.name,
    ApplicationARN: application.arn,
    ApplicationStatus: application.status,
    ApplicationVersionId: application.version,
    RuntimeEnvironment: application.configuration.runtime,
    ApplicationMode: 'STREAMING',
  };
}

function configurationDescription(application: ApplicationRecord): object {
  const { configuration, run } = application;
  return {
    ApplicationCodeConfigurationDescription: {
      CodeContentType: 'ZIPFILE',
      CodeContentDescription: {
        CodeMD5: configuration.code.md5,
        CodeSize: configuration.code.sizeBytes,
        S3ApplicationCodeLocationDescription: {
          BucketARN: bucketArnOf(configuration.code.bucket),
          FileKey: configuration.code.key,
          ObjectVersion: configuration.code.objectVersion,
        },
      },
    },
    RunConfigurationDescription: {
      ApplicationRestoreConfigurationDescription: {
        ApplicationRestoreType: run.restoreType,
        SnapshotName: run.snapshotName,
      },
      FlinkRunConfigurationDescription: { AllowNonRestoredState: run.allowNonRestoredState },
    },
    FlinkApplicationConfigurationDescription: flinkDescription(configuration),
    EnvironmentPropertyDescriptions: {
      PropertyGroupDescriptions: configuration.propertyGroups.map(({ id, map }) => ({
        PropertyGroupId: id,
        PropertyMap: map,
      })),
    },
    ApplicationSnapshotConfigurationDescription: { SnapshotsEnabled: configuration.snapshotsEnabled },
    ApplicationSystemRollbackConfigurationDescription: {
      RollbackEnabled: configuration.systemRollbackEnabled,
    },
  };
}

function flinkDescription({ checkpoints, monitoring, parallelism }: Configuration): object {
  return {
    CheckpointConfigurationDescription: {
      ConfigurationType: configurationType(checkpoints.custom),
      CheckpointingEnabled: checkpoints.enabled,
      CheckpointInterval: checkpoints.intervalMs,
      MinPauseBetweenCheckpoints: checkpoints.minPauseMs,
    },
    MonitoringConfigurationDescription: {
      ConfigurationType: configurationType(monitoring.custom),
      MetricsLevel: monitoring.metricsLevel,
      LogLevel: monitoring.logLevel,
    },
    ParallelismConfigurationDescription: {
      ConfigurationType: configurationType(parallelism.custom),
      Parallelism: parallelism.parallelism,
      ParallelismPerKPU: parallelism.perKpu,
      CurrentParallelism: parallelism.parallelism,
      AutoScalingEnabled: parallelism.autoScaling,
    },
  };
}

function configurationType(custom: boolean): string {
  return custom ? 'CUSTOM' : 'DEFAULT';
}

/** `SnapshotDetails` of the API reference. */
export function snapshotDetails(snapshot: SnapshotRecord): object {
  return {
    SnapshotName: snapshot.name,
    SnapshotStatus: snapshot.status,
    ApplicationVersionId: snapshot.applicationVersion,
    SnapshotCreationTimestamp: timestamp(snapshot.createdMs),
    RuntimeEnvironment: snapshot.runtime,
  };
}

/** `ApplicationOperationInfo` of the API reference. */
export function operationInfo(operation: OperationRecord): object {
  return {
    Operation: operation.operation,
    OperationId: operation.id,
    StartTime: timestamp(operation.startedMs),
    EndTime: timestamp(operation.endedMs),
    OperationStatus: operation.status,
  };
}

/** `ApplicationOperationInfoDetails` of the API reference. */
export function operationDetails(operation: OperationRecord): object {
  return {
    Operation: operation.operation,
    StartTime: timestamp(operation.startedMs),
    EndTime: timestamp(operation.endedMs),
    OperationStatus: operation.status,
    ...(operation.versionTo !== undefined && {
      ApplicationVersionChangeDetails: {
        ApplicationVersionUpdatedFrom: operation.versionFrom,
        ApplicationVersionUpdatedTo: operation.versionTo,
      },
    }),
    ...(operation.error !== undefined && {
      OperationFailureDetails: { ErrorInfo: { ErrorString: operation.error } },
    }),
  };
}
