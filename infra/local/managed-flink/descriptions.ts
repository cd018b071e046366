import type { ApplicationStatus } from '@aws-sdk/client-kinesis-analytics-v2';
import { bucketArnOf } from './code-in-s3';
import { parallelismOf } from './jobs';
import type {
  ApplicationRecord,
  Configuration,
  OperationRecord,
  SnapshotRecord,
  VersionRecord,
} from './records';

/** Epoch seconds with a fraction: a timestamp of AWS JSON 1.1. */
export function timestamp(epochMs: number): number {
  return epochMs / 1000;
}

/** `ApplicationDetail` of the API reference; the job's plan where it was asked for and there is one. */
export function applicationDetail(application: ApplicationRecord, jobPlan?: string): object {
  return {
    ...applicationSummary(application),
    ApplicationDescription: application.description,
    ServiceExecutionRole: application.configuration.role,
    CreateTimestamp: timestamp(application.createdMs),
    LastUpdateTimestamp: timestamp(application.updatedMs),
    ApplicationVersionCreateTimestamp: timestamp(application.versionCreatedMs),
    ApplicationVersionUpdatedFrom: application.updatedFromVersion,
    ApplicationVersionRolledBackFrom: application.rolledBackFromVersion,
    ApplicationVersionRolledBackTo: application.rolledBackToVersion,
    ConditionalToken: application.conditionalToken,
    ApplicationConfigurationDescription: configurationDescription(application, jobPlan),
    CloudWatchLoggingOptionDescriptions: loggingDescriptions(application.configuration),
    ApplicationMaintenanceConfigurationDescription: maintenanceDescription(application),
  };
}

/** `ApplicationDetail` of any version; one before the current has no state of its own. */
export function versionDetail(application: ApplicationRecord, version: VersionRecord): object {
  if (version.version === application.version) return applicationDetail(application);
  return applicationDetail({
    ...application,
    ...version,
    status: versionStatus(application, version),
    scaledParallelism: undefined,
  });
}

/** `ApplicationVersionSummary` of the API reference. */
export function versionSummary(application: ApplicationRecord, version: VersionRecord): object {
  return {
    ApplicationVersionId: version.version,
    ApplicationStatus: versionStatus(application, version),
  };
}

function versionStatus(application: ApplicationRecord, version: VersionRecord): ApplicationStatus {
  if (version.version === application.version) return application.status;
  return version.wasRolledBack ? 'ROLLED_BACK' : 'READY';
}

/** `CloudWatchLoggingOptionDescriptions` of the API reference. */
export function loggingDescriptions({ loggingOptions, role }: Configuration): object[] {
  return loggingOptions.map(({ id, logStreamArn }) => ({
    CloudWatchLoggingOptionId: id,
    LogStreamARN: logStreamArn,
    RoleARN: role,
  }));
}

/** `ApplicationMaintenanceConfigurationDescription` of the API reference: a window of eight hours. */
export function maintenanceDescription({ maintenanceWindowStart: start }: ApplicationRecord): object {
  const [hours = '', minutes = ''] = start.split(':');
  return {
    ApplicationMaintenanceWindowStartTime: start,
    ApplicationMaintenanceWindowEndTime: `${String((Number(hours) + 8) % 24).padStart(2, '0')}:${minutes}`,
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

function configurationDescription(application: ApplicationRecord, jobPlan: string | undefined): object {
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
    FlinkApplicationConfigurationDescription: flinkDescription(application, jobPlan),
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

function flinkDescription(application: ApplicationRecord, jobPlan: string | undefined): object {
  const { checkpoints, monitoring, parallelism } = application.configuration;
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
      CurrentParallelism: parallelismOf(application),
      AutoScalingEnabled: parallelism.autoScaling,
    },
    JobPlanDescription: jobPlan,
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
      OperationFailureDetails: {
        RollbackOperationId: operation.rollbackOperationId,
        ErrorInfo: { ErrorString: operation.error },
      },
    }),
  };
}
