import * as flink from '@aws-sdk/client-kinesis-analytics-v2';
import {
  type ApplicationSettings,
  type ManagedFlink,
  type ObservedApplication,
  type Operation,
  PARAMETER_GROUP,
} from './application';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/** Managed Flink through AWS's SDK: the one file that speaks to it. */
export function managedFlink(region: string, variables: AwsEnvironment): ManagedFlink {
  const client = new flink.KinesisAnalyticsV2Client(
    clientSettings('KINESIS_ANALYTICS_V2', region, variables),
  );
  return {
    describe: (name) => asking(`describing application ${name}`, () => describe(client, name)),
    create: (name, settings) =>
      asking(`creating application ${name}`, async () => {
        await client.send(new flink.CreateApplicationCommand(createInput(name, settings)));
      }),
    updateStopped: (observed, settings) =>
      asking(`updating application ${observed.name}`, async () => {
        await client.send(new flink.UpdateApplicationCommand(updateInput(observed, settings)));
      }),
    startWithoutState: (name) =>
      asking(`starting application ${name}`, async () => {
        const { OperationId } = await client.send(
          new flink.StartApplicationCommand({ ApplicationName: name, RunConfiguration: WITHOUT_STATE }),
        );
        return given(OperationId, 'OperationId');
      }),
    stop: (name, force) =>
      asking(`stopping application ${name}`, async () => {
        const { OperationId } = await client.send(
          new flink.StopApplicationCommand({ ApplicationName: name, Force: force }),
        );
        return given(OperationId, 'OperationId');
      }),
    operation: (name, id) => asking(`describing an operation of ${name}`, () => operation(client, name, id)),
    flinkPage: (name) =>
      asking(`asking for Flink's page of ${name}`, async () => {
        const { AuthorizedUrl } = await client.send(
          new flink.CreateApplicationPresignedUrlCommand({
            ApplicationName: name,
            UrlType: 'FLINK_DASHBOARD_URL',
          }),
        );
        return given(AuthorizedUrl, 'AuthorizedUrl');
      }),
    close: () => {
      client.destroy();
    },
  };
}

// AllowNonRestoredState falls back to false unless it is sent, so it is sent always.
const WITHOUT_STATE: flink.RunConfiguration = {
  ApplicationRestoreConfiguration: { ApplicationRestoreType: 'SKIP_RESTORE_FROM_SNAPSHOT' },
  FlinkRunConfiguration: { AllowNonRestoredState: false },
};

async function describe(
  client: flink.KinesisAnalyticsV2Client,
  name: string,
): Promise<ObservedApplication | undefined> {
  try {
    const { ApplicationDetail } = await client.send(
      new flink.DescribeApplicationCommand({ ApplicationName: name }),
    );
    return observed(given(ApplicationDetail, 'ApplicationDetail'));
  } catch (thrown) {
    if (thrown instanceof flink.ResourceNotFoundException) return undefined;
    throw thrown;
  }
}

async function operation(
  client: flink.KinesisAnalyticsV2Client,
  name: string,
  id: string,
): Promise<Operation> {
  const { ApplicationOperationInfoDetails: details } = await client.send(
    new flink.DescribeApplicationOperationCommand({ ApplicationName: name, OperationId: id }),
  );
  return {
    status: given(details?.OperationStatus, 'OperationStatus'),
    error: details?.OperationFailureDetails?.ErrorInfo?.ErrorString,
  };
}

function observed(detail: flink.ApplicationDetail): ObservedApplication {
  const configuration = detail.ApplicationConfigurationDescription;
  const code =
    configuration?.ApplicationCodeConfigurationDescription?.CodeContentDescription
      ?.S3ApplicationCodeLocationDescription;
  const settings = configuration?.FlinkApplicationConfigurationDescription;
  const groups = configuration?.EnvironmentPropertyDescriptions?.PropertyGroupDescriptions ?? [];
  return {
    name: given(detail.ApplicationName, 'ApplicationName'),
    status: given(detail.ApplicationStatus, 'ApplicationStatus'),
    version: given(detail.ApplicationVersionId, 'ApplicationVersionId'),
    conditionalToken: given(detail.ConditionalToken, 'ConditionalToken'),
    createdAt: given(detail.CreateTimestamp, 'CreateTimestamp'),
    runtime: given(detail.RuntimeEnvironment, 'RuntimeEnvironment'),
    serviceRole: detail.ServiceExecutionRole ?? '',
    bucket: (code?.BucketARN ?? '').replace(/^arn:[^:]+:s3:::/, ''),
    codeKey: code?.FileKey ?? '',
    parallelism: settings?.ParallelismConfigurationDescription?.Parallelism ?? 1,
    parallelismPerKpu: settings?.ParallelismConfigurationDescription?.ParallelismPerKPU ?? 1,
    checkpointIntervalSeconds: (settings?.CheckpointConfigurationDescription?.CheckpointInterval ?? 0) / 1000,
    parameters: groups.find((group) => group.PropertyGroupId === PARAMETER_GROUP)?.PropertyMap ?? {},
  };
}

function createInput(name: string, settings: ApplicationSettings): flink.CreateApplicationRequest {
  return {
    ApplicationName: name,
    RuntimeEnvironment: settings.runtime as flink.RuntimeEnvironment,
    ServiceExecutionRole: settings.serviceRole,
    ApplicationConfiguration: {
      ApplicationCodeConfiguration: {
        CodeContentType: 'ZIPFILE',
        CodeContent: {
          S3ContentLocation: { BucketARN: `arn:aws:s3:::${settings.bucket}`, FileKey: settings.codeKey },
        },
      },
      FlinkApplicationConfiguration: {
        // What is sent counts only with CUSTOM.
        CheckpointConfiguration: {
          ConfigurationType: 'CUSTOM',
          CheckpointingEnabled: true,
          CheckpointInterval: settings.checkpointIntervalSeconds * 1000,
          MinPauseBetweenCheckpoints: minPauseMs(settings),
        },
        ParallelismConfiguration: {
          ConfigurationType: 'CUSTOM',
          Parallelism: settings.parallelism,
          ParallelismPerKPU: settings.parallelismPerKpu,
          AutoScalingEnabled: false,
        },
      },
      EnvironmentProperties: { PropertyGroups: propertyGroups(settings) },
      ApplicationSnapshotConfiguration: { SnapshotsEnabled: true },
    },
  };
}

function updateInput(
  { name, conditionalToken }: ObservedApplication,
  settings: ApplicationSettings,
): flink.UpdateApplicationRequest {
  return {
    ApplicationName: name,
    ConditionalToken: conditionalToken,
    RuntimeEnvironmentUpdate: settings.runtime as flink.RuntimeEnvironment,
    ServiceExecutionRoleUpdate: settings.serviceRole,
    RunConfigurationUpdate: WITHOUT_STATE,
    ApplicationConfigurationUpdate: {
      ApplicationCodeConfigurationUpdate: {
        CodeContentUpdate: {
          S3ContentLocationUpdate: {
            BucketARNUpdate: `arn:aws:s3:::${settings.bucket}`,
            FileKeyUpdate: settings.codeKey,
          },
        },
      },
      FlinkApplicationConfigurationUpdate: {
        CheckpointConfigurationUpdate: {
          ConfigurationTypeUpdate: 'CUSTOM',
          CheckpointingEnabledUpdate: true,
          CheckpointIntervalUpdate: settings.checkpointIntervalSeconds * 1000,
          MinPauseBetweenCheckpointsUpdate: minPauseMs(settings),
        },
        ParallelismConfigurationUpdate: {
          ConfigurationTypeUpdate: 'CUSTOM',
          ParallelismUpdate: settings.parallelism,
          ParallelismPerKPUUpdate: settings.parallelismPerKpu,
          AutoScalingEnabledUpdate: false,
        },
      },
      EnvironmentPropertyUpdates: { PropertyGroups: propertyGroups(settings) },
    },
  };
}

function propertyGroups({ parameters }: ApplicationSettings): flink.PropertyGroup[] {
  return [{ PropertyGroupId: PARAMETER_GROUP, PropertyMap: { ...parameters } }];
}

/** Half of the interval, so that slow checkpoints do not follow each other without a pause. */
function minPauseMs({ checkpointIntervalSeconds }: ApplicationSettings): number {
  return checkpointIntervalSeconds * 500;
}

/** What the SDK's types leave open and the service always sends. */
function given<T>(value: T | undefined, member: string): T {
  if (value === undefined) throw new Error(`the service's answer has no ${member}`);
  return value;
}
