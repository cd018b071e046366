import * as flink from '@aws-sdk/client-kinesis-analytics-v2';
import {
  type ApplicationSettings,
  type ListedOperation,
  type ManagedFlink,
  type ObservedApplication,
  type Operation,
  PARAMETER_GROUP,
  type Snapshot,
  type StateSource,
} from './application';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { patiently } from './patiently';
import { asking } from './service-fault';

/** Managed Flink through AWS's SDK: the one file that speaks to it. */
export function managedFlink(region: string, variables: AwsEnvironment): ManagedFlink {
  const client = new flink.KinesisAnalyticsV2Client(
    clientSettings('KINESIS_ANALYTICS_V2', region, variables),
  );
  return {
    describe: (name) => calling(`describing application ${name}`, () => describe(client, name)),
    create: (name, settings, tags) =>
      calling(`creating application ${name}`, async () => {
        await client.send(new flink.CreateApplicationCommand(createInput(name, settings, tags)));
      }),
    update: (observed, settings, state) =>
      calling(`updating application ${observed.name}`, async () => {
        const input = updateInput(observed, settings, state);
        return (await client.send(new flink.UpdateApplicationCommand(input))).OperationId;
      }),
    start: (name, state) =>
      calling(`starting application ${name}`, async () => {
        const { OperationId } = await client.send(
          new flink.StartApplicationCommand({
            ApplicationName: name,
            RunConfiguration: runConfiguration(state),
          }),
        );
        return given(OperationId, 'OperationId');
      }),
    stop: (name, force) =>
      calling(`stopping application ${name}`, async () => {
        const { OperationId } = await client.send(
          new flink.StopApplicationCommand({ ApplicationName: name, Force: force }),
        );
        return given(OperationId, 'OperationId');
      }),
    rollback: ({ name, version }) =>
      calling(`taking application ${name} back`, async () => {
        const { OperationId } = await client.send(
          new flink.RollbackApplicationCommand({
            ApplicationName: name,
            CurrentApplicationVersionId: version,
          }),
        );
        return OperationId;
      }),
    delete: ({ name, createdAt }) =>
      calling(`deleting application ${name}`, async () => {
        await client.send(
          new flink.DeleteApplicationCommand({ ApplicationName: name, CreateTimestamp: createdAt }),
        );
      }),
    operation: (name, id) => calling(`describing an operation of ${name}`, () => operation(client, name, id)),
    operations: (name, limit) =>
      calling(`listing the operations of ${name}`, () => listOperations(client, name, limit)),
    snapshots: (name) => calling(`listing the snapshots of ${name}`, () => listSnapshots(client, name)),
    createSnapshot: (name, snapshot) =>
      calling(`taking snapshot ${snapshot} of ${name}`, async () => {
        await client.send(
          new flink.CreateApplicationSnapshotCommand({ ApplicationName: name, SnapshotName: snapshot }),
        );
      }),
    deleteSnapshot: (name, { name: snapshot, createdAt }) =>
      calling(`deleting snapshot ${snapshot} of ${name}`, async () => {
        await client.send(
          new flink.DeleteApplicationSnapshotCommand({
            ApplicationName: name,
            SnapshotName: snapshot,
            SnapshotCreationTimestamp: createdAt,
          }),
        );
      }),
    tags: ({ name, arn }) =>
      calling(`reading the tags of ${name}`, async () => {
        const { Tags = [] } = await client.send(new flink.ListTagsForResourceCommand({ ResourceARN: arn }));
        return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
      }),
    setTags: ({ name, arn }, tags) =>
      calling(`tagging ${name}`, async () => {
        await client.send(new flink.TagResourceCommand({ ResourceARN: arn, Tags: tagList(tags) }));
      }),
    flinkPage: (name) =>
      calling(`asking for Flink's page of ${name}`, async () => {
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

/** One call; what it throws says which it was. */
function calling<T>(what: string, call: () => Promise<T>): Promise<T> {
  return asking(what, () => patiently(call));
}

/** AllowNonRestoredState falls back to false unless it is sent, so it is sent always. */
function runConfiguration(state: StateSource): flink.RunConfiguration {
  return {
    ApplicationRestoreConfiguration: restoreConfiguration(state),
    FlinkRunConfiguration: { AllowNonRestoredState: false },
  };
}

function restoreConfiguration(state: StateSource): flink.ApplicationRestoreConfiguration {
  if (state === 'none') return { ApplicationRestoreType: 'SKIP_RESTORE_FROM_SNAPSHOT' };
  if (state === 'latest') return { ApplicationRestoreType: 'RESTORE_FROM_LATEST_SNAPSHOT' };
  return { ApplicationRestoreType: 'RESTORE_FROM_CUSTOM_SNAPSHOT', SnapshotName: state.snapshot };
}

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

async function listOperations(
  client: flink.KinesisAnalyticsV2Client,
  name: string,
  limit: number,
): Promise<ListedOperation[]> {
  const { ApplicationOperationInfoList: operations = [] } = await client.send(
    new flink.ListApplicationOperationsCommand({ ApplicationName: name, Limit: limit }),
  );
  return operations.map((operation) => ({
    id: given(operation.OperationId, 'OperationId'),
    kind: given(operation.Operation, 'Operation'),
    status: given(operation.OperationStatus, 'OperationStatus'),
    startedAt: given(operation.StartTime, 'StartTime'),
    endedAt: operation.EndTime,
  }));
}

async function listSnapshots(client: flink.KinesisAnalyticsV2Client, name: string): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = [];
  let token: string | undefined;
  do {
    const page: flink.ListApplicationSnapshotsResponse = await client.send(
      new flink.ListApplicationSnapshotsCommand({ ApplicationName: name, Limit: 50, NextToken: token }),
    );
    for (const details of page.SnapshotSummaries ?? []) {
      snapshots.push({
        name: given(details.SnapshotName, 'SnapshotName'),
        status: given(details.SnapshotStatus, 'SnapshotStatus'),
        version: given(details.ApplicationVersionId, 'ApplicationVersionId'),
        createdAt: given(details.SnapshotCreationTimestamp, 'SnapshotCreationTimestamp'),
      });
    }
    token = page.NextToken;
  } while (token !== undefined);
  return snapshots.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

function observed(detail: flink.ApplicationDetail): ObservedApplication {
  const configuration = detail.ApplicationConfigurationDescription;
  const code =
    configuration?.ApplicationCodeConfigurationDescription?.CodeContentDescription
      ?.S3ApplicationCodeLocationDescription;
  const settings = configuration?.FlinkApplicationConfigurationDescription;
  const groups = configuration?.EnvironmentPropertyDescriptions?.PropertyGroupDescriptions ?? [];
  const logStreamArn = detail.CloudWatchLoggingOptionDescriptions?.[0]?.LogStreamARN;
  return {
    ...(logStreamArn !== undefined && { logStreamArn }),
    name: given(detail.ApplicationName, 'ApplicationName'),
    arn: given(detail.ApplicationARN, 'ApplicationARN'),
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

function createInput(
  name: string,
  settings: ApplicationSettings,
  tags: Readonly<Record<string, string>> = {},
): flink.CreateApplicationRequest {
  return {
    ApplicationName: name,
    // An empty list is refused.
    ...(Object.keys(tags).length > 0 && { Tags: tagList(tags) }),
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
  state: StateSource,
): flink.UpdateApplicationRequest {
  return {
    ApplicationName: name,
    ConditionalToken: conditionalToken,
    RuntimeEnvironmentUpdate: settings.runtime as flink.RuntimeEnvironment,
    ServiceExecutionRoleUpdate: settings.serviceRole,
    RunConfigurationUpdate: runConfiguration(state),
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

function tagList(tags: Readonly<Record<string, string>>): flink.Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
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
