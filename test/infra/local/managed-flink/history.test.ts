import {
  AddApplicationCloudWatchLoggingOptionCommand,
  DeleteApplicationCloudWatchLoggingOptionCommand,
  DescribeApplicationVersionCommand,
  DiscoverInputSchemaCommand,
  ListApplicationVersionsCommand,
  ListTagsForResourceCommand,
  RollbackApplicationCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApplicationCommand,
  UpdateApplicationMaintenanceConfigurationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { drive, type Drive } from './drive';
import { type OwnEndpoint, startEndpoint } from './endpoint';

// Versions, logging options, tags and maintenance windows, as far as nothing runs: Flink does not answer.
const NO_FLINK = 'http://127.0.0.1:1';
const BUCKET = 'managed-flink-history';
const LOG_STREAM = 'arn:aws:logs:us-east-1:000000000000:log-group:flink:log-stream:job';
let endpoint: OwnEndpoint;
let update: Drive['update'];

beforeAll(async () => {
  endpoint = await startEndpoint(BUCKET, { flinkRestUrl: NO_FLINK });
  ({ update } = drive(endpoint, BUCKET));
});

afterAll(async () => {
  await endpoint.stop();
});

test('each update makes a version; all are listed, the newest first, and can be described', async () => {
  const ApplicationName = 'versioned';
  await endpoint.create(ApplicationName);
  await update(ApplicationName, 1, { rate: '30' });
  await update(ApplicationName, 2, { rate: '40' });
  await endpoint.restart();
  const { ApplicationVersionSummaries: versions, NextToken } = await endpoint.client.send(
    new ListApplicationVersionsCommand({ ApplicationName, Limit: 2 }),
  );
  expect(versions).toEqual([
    { ApplicationVersionId: 3, ApplicationStatus: 'READY' },
    { ApplicationVersionId: 2, ApplicationStatus: 'READY' },
  ]);
  const rest = await endpoint.client.send(new ListApplicationVersionsCommand({ ApplicationName, NextToken }));
  expect(rest.ApplicationVersionSummaries).toMatchObject([{ ApplicationVersionId: 1 }]);

  const describe = (ApplicationVersionId: number): Promise<unknown> =>
    endpoint.client.send(new DescribeApplicationVersionCommand({ ApplicationName, ApplicationVersionId }));
  const rated = (rate: string): object => ({
    EnvironmentPropertyDescriptions: {
      PropertyGroupDescriptions: [{ PropertyGroupId: 'spillway', PropertyMap: { rate } }],
    },
  });
  expect(await describe(2)).toMatchObject({
    ApplicationVersionDetail: {
      ApplicationVersionId: 2,
      ApplicationVersionUpdatedFrom: 1,
      ApplicationConfigurationDescription: rated('30'),
    },
  });
  expect(await describe(3)).toMatchObject({
    ApplicationVersionDetail: { ApplicationConfigurationDescription: rated('40') },
  });
  await expect(describe(4)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a READY application cannot be rolled back', async () => {
  await endpoint.create('resting');
  const rolling = endpoint.client.send(
    new RollbackApplicationCommand({ ApplicationName: 'resting', CurrentApplicationVersionId: 1 }),
  );
  await expect(rolling).rejects.toMatchObject({ name: 'ResourceInUseException' });
});

test('one logging option is added, changed and deleted, each in a version of its own', async () => {
  const ApplicationName = 'logged';
  await endpoint.create(ApplicationName);
  const add = (CurrentApplicationVersionId: number): Promise<unknown> =>
    endpoint.client.send(
      new AddApplicationCloudWatchLoggingOptionCommand({
        ApplicationName,
        CurrentApplicationVersionId,
        CloudWatchLoggingOption: { LogStreamARN: LOG_STREAM },
      }),
    );
  expect(await add(1)).toMatchObject({
    ApplicationVersionId: 2,
    CloudWatchLoggingOptionDescriptions: [{ LogStreamARN: LOG_STREAM }],
  });
  await expect(add(1)).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
  await expect(add(2)).rejects.toMatchObject({ name: 'InvalidApplicationConfigurationException' });

  const { CloudWatchLoggingOptionDescriptions: [option] = [] } = await endpoint.describe(ApplicationName);
  const CloudWatchLoggingOptionId = option?.CloudWatchLoggingOptionId;
  const { ApplicationDetail } = await endpoint.client.send(
    new UpdateApplicationCommand({
      ApplicationName,
      CurrentApplicationVersionId: 2,
      CloudWatchLoggingOptionUpdates: [{ CloudWatchLoggingOptionId, LogStreamARNUpdate: `${LOG_STREAM}-2` }],
    }),
  );
  expect(ApplicationDetail?.CloudWatchLoggingOptionDescriptions).toMatchObject([
    { CloudWatchLoggingOptionId, LogStreamARN: `${LOG_STREAM}-2` },
  ]);

  const remove = (version: number): Promise<unknown> =>
    endpoint.client.send(
      new DeleteApplicationCloudWatchLoggingOptionCommand({
        ApplicationName,
        CurrentApplicationVersionId: version,
        CloudWatchLoggingOptionId,
      }),
    );
  expect(await remove(3)).toMatchObject({ ApplicationVersionId: 4, CloudWatchLoggingOptionDescriptions: [] });
  await expect(remove(4)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('tags are put on, listed and taken off, and there are at most 50', async () => {
  const Tags = [{ Key: 'team', Value: 'storage' }];
  const { ApplicationARN: ResourceARN } = await endpoint.create('tagged', { Tags });
  const listed = async (): Promise<unknown> =>
    (await endpoint.client.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;
  const tag = (tags: { Key: string; Value?: string }[]): Promise<unknown> =>
    endpoint.client.send(new TagResourceCommand({ ResourceARN, Tags: tags }));
  expect(await listed()).toEqual(Tags);
  await tag([{ Key: 'team', Value: 'billing' }, { Key: 'bare' }]);
  expect(await listed()).toEqual([
    { Key: 'team', Value: 'billing' },
    { Key: 'bare', Value: '' },
  ]);
  await endpoint.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['team', 'none'] }));
  expect(await listed()).toEqual([{ Key: 'bare', Value: '' }]);

  const fifty = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}` }));
  await expect(tag(fifty)).rejects.toMatchObject({ name: 'TooManyTagsException' });
  await expect(tag([{ Key: 'aws:own' }])).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await expect(
    endpoint.client.send(new ListTagsForResourceCommand({ ResourceARN: `${ResourceARN}-none` })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('the maintenance window is eight hours from its start, and makes no version', async () => {
  const ApplicationName = 'maintained';
  await endpoint.create(ApplicationName);
  const window = {
    ApplicationMaintenanceWindowStartTime: '20:30',
    ApplicationMaintenanceWindowEndTime: '04:30',
  };
  const answer = await endpoint.client.send(
    new UpdateApplicationMaintenanceConfigurationCommand({
      ApplicationName,
      ApplicationMaintenanceConfigurationUpdate: { ApplicationMaintenanceWindowStartTimeUpdate: '20:30' },
    }),
  );
  expect(answer.ApplicationMaintenanceConfigurationDescription).toEqual(window);
  expect(await endpoint.describe(ApplicationName)).toMatchObject({
    ApplicationVersionId: 1,
    ApplicationMaintenanceConfigurationDescription: window,
  });
});

test('an action of SQL applications is an UnsupportedOperationException', async () => {
  const asking = endpoint.client.send(new DiscoverInputSchemaCommand({ ServiceExecutionRole: 'role' }));
  await expect(asking).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
});
