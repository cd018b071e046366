import {
  CreateApplicationSnapshotCommand,
  DeleteApplicationCommand,
  DescribeApplicationCommand,
  ListApplicationOperationsCommand,
  ListApplicationsCommand,
  ResourceNotFoundException,
  StartApplicationCommand,
  StopApplicationCommand,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { createRequest, type OwnEndpoint, startEndpoint } from './endpoint';

// What an application's settings do, as far as nothing runs: Flink does not answer.
/** Nothing listens there. */
const NO_FLINK = 'http://127.0.0.1:1';
const BUCKET = 'managed-flink-settings';
let endpoint: OwnEndpoint;

beforeAll(async () => {
  endpoint = await startEndpoint(BUCKET, { flinkRestUrl: NO_FLINK });
});

afterAll(async () => {
  await endpoint.stop();
});

test('a new application is READY at version 1, with the defaults filled in', async () => {
  const detail = await endpoint.create('new');
  expect(detail).toMatchObject({
    ApplicationName: 'new',
    ApplicationARN: 'arn:aws:kinesisanalytics:us-east-1:000000000000:application/new',
    ApplicationStatus: 'READY',
    ApplicationVersionId: 1,
    ApplicationMode: 'STREAMING',
    ApplicationConfigurationDescription: {
      ApplicationSnapshotConfigurationDescription: { SnapshotsEnabled: true },
      EnvironmentPropertyDescriptions: {
        PropertyGroupDescriptions: [{ PropertyGroupId: 'spillway', PropertyMap: { rate: '20' } }],
      },
      FlinkApplicationConfigurationDescription: {
        CheckpointConfigurationDescription: {
          ConfigurationType: 'CUSTOM',
          CheckpointInterval: 1000,
          MinPauseBetweenCheckpoints: 5000,
        },
      },
    },
  });
  expect(detail.CreateTimestamp).toBeInstanceOf(Date);
});

test('with ConfigurationType DEFAULT what is sent does not count', async () => {
  const { ApplicationConfiguration } = createRequest(BUCKET, 'default');
  const detail = await endpoint.create('default', {
    ApplicationConfiguration: {
      ...ApplicationConfiguration,
      FlinkApplicationConfiguration: {
        ParallelismConfiguration: { ConfigurationType: 'DEFAULT', Parallelism: 7 },
      },
    },
  });
  expect(
    detail.ApplicationConfigurationDescription?.FlinkApplicationConfigurationDescription
      ?.ParallelismConfigurationDescription?.Parallelism,
  ).toBe(1);
});

test('code that is not in S3 is an InvalidArgumentException', async () => {
  const S3ContentLocation = { BucketARN: `arn:aws:s3:::${BUCKET}`, FileKey: 'none.jar' };
  const creating = endpoint.create('no-code', {
    ApplicationConfiguration: {
      ApplicationCodeConfiguration: { CodeContentType: 'ZIPFILE', CodeContent: { S3ContentLocation } },
    },
  });
  await expect(creating).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('a name that is taken is a ResourceInUseException', async () => {
  await endpoint.create('taken');
  await expect(endpoint.create('taken')).rejects.toMatchObject({ name: 'ResourceInUseException' });
});

test('a request that breaks the model is a ValidationException that names the member', async () => {
  await expect(endpoint.create('no spaces')).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("'ApplicationName'") as string,
  });
});

test('a property value over 2,048 characters is refused', async () => {
  const { ApplicationConfiguration } = createRequest(BUCKET, 'long', { long: 'x'.repeat(2049) });
  await expect(endpoint.create('long', { ApplicationConfiguration })).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('an unknown application is a ResourceNotFoundException of the SDK', async () => {
  const describing = endpoint.client.send(new DescribeApplicationCommand({ ApplicationName: 'unknown' }));
  await expect(describing).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test('an update of a READY application changes settings and starts nothing', async () => {
  const before = await endpoint.create('updated');
  const { ApplicationDetail: after } = await endpoint.client.send(
    new UpdateApplicationCommand({
      ApplicationName: 'updated',
      ConditionalToken: before.ConditionalToken,
      ApplicationConfigurationUpdate: {
        EnvironmentPropertyUpdates: {
          PropertyGroups: [{ PropertyGroupId: 'spillway', PropertyMap: { rate: '30' } }],
        },
      },
    }),
  );
  expect(after).toMatchObject({
    ApplicationStatus: 'READY',
    ApplicationVersionId: 2,
    ApplicationVersionUpdatedFrom: 1,
    ApplicationConfigurationDescription: {
      EnvironmentPropertyDescriptions: {
        PropertyGroupDescriptions: [{ PropertyGroupId: 'spillway', PropertyMap: { rate: '30' } }],
      },
      // What the update does not name stays.
      FlinkApplicationConfigurationDescription: {
        CheckpointConfigurationDescription: { CheckpointInterval: 1000 },
      },
    },
  });
});

test('a version or a token that is not the current one is a ConcurrentModificationException', async () => {
  const { ConditionalToken } = await endpoint.create('moved');
  const update = (condition: object): Promise<unknown> =>
    endpoint.client.send(new UpdateApplicationCommand({ ApplicationName: 'moved', ...condition }));
  await update({ ConditionalToken });
  const name = 'ConcurrentModificationException';
  await expect(update({ ConditionalToken })).rejects.toMatchObject({ name });
  await expect(update({ CurrentApplicationVersionId: 1 })).rejects.toMatchObject({ name });
});

test('an update with neither version nor token is an InvalidArgumentException', async () => {
  await endpoint.create('unconditional');
  const updating = endpoint.client.send(new UpdateApplicationCommand({ ApplicationName: 'unconditional' }));
  await expect(updating).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('AllowNonRestoredState falls back to false with every update that does not send it', async () => {
  await endpoint.create('allowing');
  const update = async (version: number, allow?: boolean): Promise<boolean | undefined> => {
    const { ApplicationDetail: detail } = await endpoint.client.send(
      new UpdateApplicationCommand({
        ApplicationName: 'allowing',
        CurrentApplicationVersionId: version,
        ...(allow !== undefined && {
          RunConfigurationUpdate: { FlinkRunConfiguration: { AllowNonRestoredState: allow } },
        }),
      }),
    );
    return detail?.ApplicationConfigurationDescription?.RunConfigurationDescription
      ?.FlinkRunConfigurationDescription?.AllowNonRestoredState;
  };
  expect(await update(1, true)).toBe(true);
  expect(await update(2)).toBe(false);
});

test('what is READY can be neither stopped nor snapshotted', async () => {
  const ApplicationName = 'idle';
  await endpoint.create(ApplicationName);
  const name = 'ResourceInUseException';
  for (const command of [
    new StopApplicationCommand({ ApplicationName }),
    new CreateApplicationSnapshotCommand({ ApplicationName, SnapshotName: 's' }),
  ]) {
    await expect(endpoint.client.send(command as StopApplicationCommand)).rejects.toMatchObject({ name });
  }
});

test('restoring a snapshot that is not there is refused before anything starts', async () => {
  await endpoint.create('unrestorable');
  const start = (SnapshotName?: string): Promise<unknown> =>
    endpoint.client.send(
      new StartApplicationCommand({
        ApplicationName: 'unrestorable',
        RunConfiguration: {
          ApplicationRestoreConfiguration: {
            ApplicationRestoreType: 'RESTORE_FROM_CUSTOM_SNAPSHOT',
            SnapshotName,
          },
        },
      }),
    );
  await expect(start()).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await expect(start('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect((await endpoint.describe('unrestorable')).ApplicationStatus).toBe('READY');
});

test('delete wants the exact create timestamp', async () => {
  const { CreateTimestamp } = await endpoint.create('deleted');
  const remove = (timestamp: Date): Promise<unknown> =>
    endpoint.client.send(
      new DeleteApplicationCommand({ ApplicationName: 'deleted', CreateTimestamp: timestamp }),
    );
  await expect(remove(new Date(0))).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await remove(CreateTimestamp ?? new Date(0));
  await expect(endpoint.until('deleted', 'gone')).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test('lists come in pages', async () => {
  await Promise.all(['page-a', 'page-b', 'page-c'].map((name) => endpoint.create(name)));
  const names: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await endpoint.client.send(new ListApplicationsCommand({ Limit: 2, NextToken }));
    expect(page.ApplicationSummaries?.length).toBeLessThanOrEqual(2);
    names.push(...(page.ApplicationSummaries ?? []).map((summary) => summary.ApplicationName));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(names).toEqual(expect.arrayContaining(['page-a', 'page-b', 'page-c']));
  expect(new Set(names).size).toBe(names.length);
});

test('applications survive the restart of the endpoint', async () => {
  const before = await endpoint.create('kept');
  await endpoint.restart();
  const after = await endpoint.describe('kept');
  expect(after.CreateTimestamp).toEqual(before.CreateTimestamp);
  expect(after.ApplicationConfigurationDescription).toEqual(before.ApplicationConfigurationDescription);
});

test('where Flink does not answer, a start fails and leaves the application READY', async () => {
  await endpoint.create('flinkless');
  const { OperationId } = await endpoint.client.send(
    new StartApplicationCommand({ ApplicationName: 'flinkless' }),
  );
  expect(await endpoint.ended('flinkless', OperationId)).toMatchObject({
    OperationStatus: 'FAILED',
    OperationFailureDetails: {
      ErrorInfo: { ErrorString: expect.stringContaining('Flink does not answer') as string },
    },
  });
  await endpoint.until('flinkless', 'READY');
  const { ApplicationOperationInfoList: operations } = await endpoint.client.send(
    new ListApplicationOperationsCommand({ ApplicationName: 'flinkless', OperationStatus: 'FAILED' }),
  );
  expect(operations?.map(({ Operation }) => Operation)).toEqual(['StartApplication']);
});
