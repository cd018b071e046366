import {
  DeleteApplicationSnapshotCommand,
  ListApplicationOperationsCommand,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { drive, type Drive } from './drive';
import { createRequest, type OwnEndpoint, startEndpoint } from './endpoint';
import { untilThere } from './until-there';

// What starting, stopping and updating do, on a real Flink.
const BUCKET = 'managed-flink-running';
let endpoint: OwnEndpoint;
let start: Drive['start'];
let stop: Drive['stop'];
let running: Drive['running'];
let remove: Drive['remove'];
let snapshots: Drive['snapshots'];
let snapshot: Drive['snapshot'];
let jobOf: Drive['jobOf'];
let restoredFrom: Drive['restoredFrom'];

beforeAll(async () => {
  endpoint = await startEndpoint(BUCKET);
  ({ start, stop, running, remove, snapshots, snapshot, jobOf, restoredFrom } = drive(endpoint, BUCKET));
});

afterAll(async () => {
  await endpoint.stop();
});

test('start, stop with a snapshot, start again from it, delete', async () => {
  await endpoint.create('life');
  const starting = start('life');
  expect((await endpoint.describe('life')).ApplicationStatus).toMatch(/READY|STARTING/);
  expect(await endpoint.ended('life', await starting)).toMatchObject({
    Operation: 'StartApplication',
    OperationStatus: 'SUCCESSFUL',
  });
  await endpoint.until('life', 'RUNNING');
  expect(await restoredFrom('life')).toBeUndefined();

  expect(await endpoint.ended('life', await stop('life'))).toMatchObject({ OperationStatus: 'SUCCESSFUL' });
  await endpoint.until('life', 'READY');
  expect(await snapshots('life')).toMatchObject([{ SnapshotStatus: 'READY', ApplicationVersionId: 1 }]);

  await start('life');
  await endpoint.until('life', 'RUNNING');
  expect(await restoredFrom('life')).toContain('/snapshots/savepoint-');
  await remove('life');
});

test('SKIP_RESTORE_FROM_SNAPSHOT starts with an empty state', async () => {
  await running('skip');
  await endpoint.ended('skip', await stop('skip'));
  await start('skip', {
    ApplicationRestoreConfiguration: { ApplicationRestoreType: 'SKIP_RESTORE_FROM_SNAPSHOT' },
  });
  await endpoint.until('skip', 'RUNNING');
  expect(await restoredFrom('skip')).toBeUndefined();
  await remove('skip');
});

test('a named snapshot is taken, restored after a forced stop, and deleted by its exact time', async () => {
  await running('named');
  const taken = await snapshot('named', 'before');
  await endpoint.ended('named', await stop('named', true));
  await endpoint.until('named', 'READY');
  // A forced stop takes none.
  expect(await snapshots('named')).toHaveLength(1);

  await start('named', {
    ApplicationRestoreConfiguration: {
      ApplicationRestoreType: 'RESTORE_FROM_CUSTOM_SNAPSHOT',
      SnapshotName: 'before',
    },
  });
  await endpoint.until('named', 'RUNNING');
  expect(await restoredFrom('named')).toContain('/snapshots/savepoint-');

  const drop = (SnapshotCreationTimestamp: Date | undefined): Promise<unknown> =>
    endpoint.client.send(
      new DeleteApplicationSnapshotCommand({
        ApplicationName: 'named',
        SnapshotName: 'before',
        SnapshotCreationTimestamp,
      }),
    );
  await expect(drop(new Date(0))).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await drop(taken.SnapshotCreationTimestamp);
  await untilThere('no snapshot', async () => ((await snapshots('named')).length === 0 ? true : undefined));
  await remove('named');
});

test('an update of a RUNNING application runs the new version from a snapshot of the old one', async () => {
  await running('updated');
  const before = await jobOf('updated');
  const { OperationId, ApplicationDetail } = await endpoint.client.send(
    new UpdateApplicationCommand({
      ApplicationName: 'updated',
      CurrentApplicationVersionId: 1,
      ApplicationConfigurationUpdate: {
        EnvironmentPropertyUpdates: {
          PropertyGroups: [{ PropertyGroupId: 'spillway', PropertyMap: { rate: '40' } }],
        },
      },
    }),
  );
  expect(ApplicationDetail).toMatchObject({ ApplicationStatus: 'UPDATING', ApplicationVersionId: 2 });
  expect(await endpoint.ended('updated', OperationId)).toMatchObject({
    OperationStatus: 'SUCCESSFUL',
    ApplicationVersionChangeDetails: { ApplicationVersionUpdatedFrom: 1, ApplicationVersionUpdatedTo: 2 },
  });
  await endpoint.until('updated', 'RUNNING');
  expect((await jobOf('updated')).id).not.toBe(before.id);
  expect(await restoredFrom('updated')).toContain('/snapshots/savepoint-');
  await remove('updated');
});

test('a job in a restart loop looks RUNNING, gives no snapshot, and is stopped by force', async () => {
  await endpoint.create('looping', createRequest(BUCKET, 'looping', { divisor: '0' }));
  await start('looping');
  await endpoint.until('looping', 'RUNNING');
  const { get } = await jobOf('looping');
  await untilThere('two restarts', async () => {
    const { exceptionHistory } = await get<{ exceptionHistory: { entries: unknown[] } }>('/exceptions');
    return exceptionHistory.entries.length >= 2 ? true : undefined;
  });
  expect((await endpoint.describe('looping')).ApplicationStatus).toBe('RUNNING');

  expect(await endpoint.ended('looping', await stop('looping'))).toMatchObject({ OperationStatus: 'FAILED' });
  await endpoint.until('looping', 'RUNNING');
  expect(await snapshots('looping')).toMatchObject([{ SnapshotStatus: 'FAILED' }]);
  expect(await endpoint.ended('looping', await stop('looping', true))).toMatchObject({
    OperationStatus: 'SUCCESSFUL',
  });
  await endpoint.until('looping', 'READY');
  await remove('looping');
});

test('a job that cannot be submitted leaves the application READY and the reason in the operation', async () => {
  await endpoint.create('refused', createRequest(BUCKET, 'refused', { rate: '0' }));
  const operation = await endpoint.ended('refused', await start('refused'));
  expect(operation.OperationStatus).toBe('FAILED');
  expect(operation.OperationFailureDetails?.ErrorInfo?.ErrorString).toContain(
    'rate is 0, less than its min 1',
  );
  await endpoint.until('refused', 'READY');
  await remove('refused');
});

test('what is STARTING can be stopped by force, and its start counts as cancelled', async () => {
  await endpoint.create('hasty');
  const starting = await start('hasty');
  await endpoint.ended('hasty', await stop('hasty', true));
  expect((await endpoint.until('hasty', 'READY')).ApplicationVersionId).toBe(1);
  const { ApplicationOperationInfoList: operations = [] } = await endpoint.client.send(
    new ListApplicationOperationsCommand({ ApplicationName: 'hasty' }),
  );
  expect(operations.map(({ Operation }) => Operation)).toEqual(['StopApplication', 'StartApplication']);
  expect(await endpoint.ended('hasty', starting)).toMatchObject({ OperationStatus: 'CANCELLED' });
  await remove('hasty');
});

test('while it runs it can be neither started nor updated from an old version', async () => {
  await running('busy');
  await expect(start('busy')).rejects.toMatchObject({ name: 'ResourceInUseException' });
  const updating = endpoint.client.send(
    new UpdateApplicationCommand({ ApplicationName: 'busy', CurrentApplicationVersionId: 9 }),
  );
  await expect(updating).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
  await remove('busy');
});

test('a running application goes on through the restart of the endpoint', async () => {
  await running('kept');
  const before = await jobOf('kept');
  await endpoint.restart();
  expect((await endpoint.describe('kept')).ApplicationStatus).toBe('RUNNING');
  expect((await jobOf('kept')).id).toBe(before.id);
  await remove('kept');
});
