import { randomUUID } from 'node:crypto';
import type { Code } from './code-in-s3';
import { bucketOf } from './code-in-s3';
import type { CodeLocation, Configuration } from './records';
import type { CreateRequest, UpdateRequest } from './requests';

type FlinkSettings = Pick<Configuration, 'checkpoints' | 'monitoring' | 'parallelism'>;

// What counts while a setting's ConfigurationType is DEFAULT, whatever else was sent (API reference,
// CheckpointConfiguration, MonitoringConfiguration, ParallelismConfiguration).
const DEFAULTS: FlinkSettings = {
  checkpoints: { custom: false, enabled: true, intervalMs: 60_000, minPauseMs: 5_000 },
  monitoring: { custom: false, metricsLevel: 'APPLICATION', logLevel: 'INFO' },
  parallelism: { custom: false, parallelism: 1, perKpu: 1, autoScaling: false },
};

/** The code's place that a new application names. */
export function codeLocation(request: CreateRequest): CodeLocation {
  const { BucketARN, FileKey, ObjectVersion } =
    request.ApplicationConfiguration.ApplicationCodeConfiguration.CodeContent.S3ContentLocation;
  return { bucket: bucketOf(BucketARN), key: FileKey, objectVersion: ObjectVersion };
}

/** The code's place after an update: what the update does not name stays. */
export function updatedCodeLocation(code: CodeLocation, request: UpdateRequest): CodeLocation {
  const update =
    request.ApplicationConfigurationUpdate?.ApplicationCodeConfigurationUpdate?.CodeContentUpdate
      ?.S3ContentLocationUpdate;
  if (update === undefined) return code;
  return {
    bucket: update.BucketARNUpdate === undefined ? code.bucket : bucketOf(update.BucketARNUpdate),
    key: update.FileKeyUpdate ?? code.key,
    objectVersion: update.ObjectVersionUpdate,
  };
}

/** A new application's configuration, the service's defaults filled in. */
export function newConfiguration(request: CreateRequest, code: Code): Configuration {
  const configuration = request.ApplicationConfiguration;
  const flink = configuration.FlinkApplicationConfiguration;
  const checkpoints = flink?.CheckpointConfiguration;
  const monitoring = flink?.MonitoringConfiguration;
  const parallelism = flink?.ParallelismConfiguration;
  return {
    runtime: request.RuntimeEnvironment,
    role: request.ServiceExecutionRole,
    code: { ...codeLocation(request), md5: code.md5, sizeBytes: code.bytes.length },
    checkpoints: settle(DEFAULTS.checkpoints, {
      custom: checkpoints?.ConfigurationType === 'CUSTOM',
      enabled: checkpoints?.CheckpointingEnabled,
      intervalMs: checkpoints?.CheckpointInterval,
      minPauseMs: checkpoints?.MinPauseBetweenCheckpoints,
    }),
    monitoring: settle(DEFAULTS.monitoring, {
      custom: monitoring?.ConfigurationType === 'CUSTOM',
      metricsLevel: monitoring?.MetricsLevel,
      logLevel: monitoring?.LogLevel,
    }),
    parallelism: settle(DEFAULTS.parallelism, {
      custom: parallelism?.ConfigurationType === 'CUSTOM',
      parallelism: parallelism?.Parallelism,
      perKpu: parallelism?.ParallelismPerKPU,
      autoScaling: parallelism?.AutoScalingEnabled,
    }),
    propertyGroups: (configuration.EnvironmentProperties?.PropertyGroups ?? []).map(propertyGroup),
    snapshotsEnabled: configuration.ApplicationSnapshotConfiguration?.SnapshotsEnabled ?? true,
    systemRollbackEnabled: configuration.ApplicationSystemRollbackConfiguration?.RollbackEnabled ?? false,
    loggingOptions: (request.CloudWatchLoggingOptions ?? []).map(({ LogStreamARN }) =>
      loggingOption(LogStreamARN),
    ),
  };
}

/** The configuration after an update: what the update does not name stays, property groups are replaced whole. */
export function updatedConfiguration(old: Configuration, request: UpdateRequest, code: Code): Configuration {
  const update = request.ApplicationConfigurationUpdate;
  const flink = update?.FlinkApplicationConfigurationUpdate;
  const checkpoints = flink?.CheckpointConfigurationUpdate;
  const monitoring = flink?.MonitoringConfigurationUpdate;
  const parallelism = flink?.ParallelismConfigurationUpdate;
  return {
    runtime: request.RuntimeEnvironmentUpdate ?? old.runtime,
    role: request.ServiceExecutionRoleUpdate ?? old.role,
    code: { ...updatedCodeLocation(old.code, request), md5: code.md5, sizeBytes: code.bytes.length },
    checkpoints: settle(
      DEFAULTS.checkpoints,
      overlay(old.checkpoints, {
        custom: customOf(checkpoints?.ConfigurationTypeUpdate),
        enabled: checkpoints?.CheckpointingEnabledUpdate,
        intervalMs: checkpoints?.CheckpointIntervalUpdate,
        minPauseMs: checkpoints?.MinPauseBetweenCheckpointsUpdate,
      }),
    ),
    monitoring: settle(
      DEFAULTS.monitoring,
      overlay(old.monitoring, {
        custom: customOf(monitoring?.ConfigurationTypeUpdate),
        metricsLevel: monitoring?.MetricsLevelUpdate,
        logLevel: monitoring?.LogLevelUpdate,
      }),
    ),
    parallelism: settle(
      DEFAULTS.parallelism,
      overlay(old.parallelism, {
        custom: customOf(parallelism?.ConfigurationTypeUpdate),
        parallelism: parallelism?.ParallelismUpdate,
        perKpu: parallelism?.ParallelismPerKPUUpdate,
        autoScaling: parallelism?.AutoScalingEnabledUpdate,
      }),
    ),
    propertyGroups:
      update?.EnvironmentPropertyUpdates?.PropertyGroups.map(propertyGroup) ?? old.propertyGroups,
    snapshotsEnabled:
      update?.ApplicationSnapshotConfigurationUpdate?.SnapshotsEnabledUpdate ?? old.snapshotsEnabled,
    systemRollbackEnabled:
      update?.ApplicationSystemRollbackConfigurationUpdate?.RollbackEnabledUpdate ??
      old.systemRollbackEnabled,
    loggingOptions: old.loggingOptions.map((option) => ({
      ...option,
      logStreamArn:
        request.CloudWatchLoggingOptionUpdates?.find(({ CloudWatchLoggingOptionId: id }) => id === option.id)
          ?.LogStreamARNUpdate ?? option.logStreamArn,
    })),
  };
}

/** A new logging option with an id of its own. */
export function loggingOption(logStreamArn: string): Configuration['loggingOptions'][number] {
  return { id: randomUUID(), logStreamArn };
}

function propertyGroup(group: { PropertyGroupId: string; PropertyMap: Record<string, string> }): {
  id: string;
  map: Record<string, string>;
} {
  return { id: group.PropertyGroupId, map: group.PropertyMap };
}

function customOf(type: 'DEFAULT' | 'CUSTOM' | undefined): boolean | undefined {
  return type === undefined ? undefined : type === 'CUSTOM';
}

/** A value whose members may be missing. */
type Sent<T> = { [K in keyof T]: T[K] | undefined };

/** The old value with the members that were sent. */
function overlay<T extends object>(old: T, sent: Sent<T>): T {
  const known = Object.entries(sent).filter(([, value]) => value !== undefined);
  return { ...old, ...(Object.fromEntries(known) as Partial<T>) };
}

/** Sent values count only with ConfigurationType CUSTOM; what was not sent has its default. */
function settle<T extends { custom: boolean }>(defaults: T, sent: Sent<T>): T {
  return sent.custom === true ? overlay(defaults, sent) : defaults;
}
