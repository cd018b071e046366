import {
  ListApplicationVersionsCommand,
  RollbackApplicationCommand,
  type RollbackApplicationResponse,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { drive, type Drive } from './drive';
import { type OwnEndpoint, startEndpoint } from './endpoint';
import { untilThere } from './until-there';

// Going back to the last version that ran, on a real Flink: when asked to, and by itself.
const BUCKET = 'managed-flink-rollback';
let endpoint: OwnEndpoint;
let of: Drive;

beforeAll(async () => {
  endpoint = await startEndpoint(BUCKET);
  of = drive(endpoint, BUCKET);
});

afterAll(async () => {
  await endpoint.stop();
});

function rollback(
  ApplicationName: string,
  CurrentApplicationVersionId: number,
): Promise<RollbackApplicationResponse> {
  return endpoint.client.send(
    new RollbackApplicationCommand({ ApplicationName, CurrentApplicationVersionId }),
  );
}

async function versions(ApplicationName: string): Promise<(string | undefined)[]> {
  const answer = await endpoint.client.send(new ListApplicationVersionsCommand({ ApplicationName }));
  return (answer.ApplicationVersionSummaries ?? []).map((version) => version.ApplicationStatus);
}

async function properties(name: string): Promise<Record<string, string> | undefined> {
  const { ApplicationConfigurationDescription: configuration } = await endpoint.describe(name);
  return configuration?.EnvironmentPropertyDescriptions?.PropertyGroupDescriptions?.[0]?.PropertyMap;
}

test('a version in a restart loop is left for the one before it, with the latest snapshot', async () => {
  const name = 'looping-update';
  await of.running(name);
  await expect(rollback(name, 1)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  // The plan of a division by one has no division, so that the state of the two differs.
  await endpoint.ended(name, await of.update(name, 1, { divisor: '0' }, true));
  await endpoint.until(name, 'RUNNING');

  await expect(rollback(name, 1)).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
  const { ApplicationDetail, OperationId } = await rollback(name, 2);
  expect(ApplicationDetail).toMatchObject({
    ApplicationStatus: 'ROLLING_BACK',
    ApplicationVersionId: 3,
    ApplicationVersionRolledBackFrom: 2,
    ApplicationVersionRolledBackTo: 1,
  });
  expect(await endpoint.ended(name, OperationId)).toMatchObject({
    Operation: 'RollbackApplication',
    OperationStatus: 'SUCCESSFUL',
    ApplicationVersionChangeDetails: { ApplicationVersionUpdatedFrom: 2, ApplicationVersionUpdatedTo: 3 },
  });
  await endpoint.until(name, 'RUNNING');
  expect(await properties(name)).toEqual({ rate: '20' });
  expect(await of.restoredFrom(name)).toContain('/snapshots/savepoint-');
  expect(await versions(name)).toEqual(['RUNNING', 'ROLLED_BACK', 'READY']);
  await of.remove(name);
});

test('without a snapshot there is no rollback', async () => {
  const name = 'never-snapshotted';
  await of.running(name);
  await endpoint.ended(name, await of.stop(name, true));
  await endpoint.until(name, 'READY');
  await of.update(name, 1, { rate: '30' });
  await endpoint.ended(name, await of.start(name));
  await endpoint.until(name, 'RUNNING');
  await expect(rollback(name, 2)).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringContaining('no snapshot') as string,
  });
  await of.remove(name);
});

test('an update that is stuck is cut off by a rollback', async () => {
  const name = 'stuck-update';
  await of.running(name);
  await of.snapshot(name, 'before');
  endpoint.control().troubles.add({ kind: 'hold', operation: 'UpdateApplication', point: 'launch' });
  const updating = await of.update(name, 1, { rate: '30' });
  await untilThere('the update to be held', () =>
    Promise.resolve(endpoint.control().troubles.left().length === 0 || undefined),
  );
  expect((await endpoint.describe(name)).ApplicationStatus).toBe('UPDATING');
  const { OperationId } = await rollback(name, 2);
  expect(await endpoint.ended(name, updating)).toMatchObject({ OperationStatus: 'CANCELLED' });
  expect(await endpoint.ended(name, OperationId)).toMatchObject({ OperationStatus: 'SUCCESSFUL' });
  await endpoint.until(name, 'RUNNING');
  expect(await properties(name)).toEqual({ rate: '20' });
  expect(await of.restoredFrom(name)).toContain('/snapshots/savepoint-');
  await of.remove(name);
});

test('a failed update rolls back by itself where the application asked for that, else it is READY', async () => {
  const name = 'refused-update';
  await of.running(name);
  expect(await endpoint.ended(name, await of.update(name, 1, { rate: '0' }))).toMatchObject({
    OperationStatus: 'FAILED',
    OperationFailureDetails: {
      ErrorInfo: { ErrorString: expect.stringContaining('rate is 0, less than its min 1') as string },
    },
  });
  const { ApplicationVersionId } = await endpoint.until(name, 'READY');
  expect(ApplicationVersionId).toBe(2);

  await endpoint.client.send(
    new UpdateApplicationCommand({
      ApplicationName: name,
      CurrentApplicationVersionId: 2,
      ApplicationConfigurationUpdate: {
        ApplicationSystemRollbackConfigurationUpdate: { RollbackEnabledUpdate: true },
      },
    }),
  );
  await of.update(name, 3, { rate: '30' });
  await endpoint.ended(name, await of.start(name));
  await endpoint.until(name, 'RUNNING');
  const failed = await endpoint.ended(name, await of.update(name, 4, { rate: '0' }));
  expect(failed.OperationStatus).toBe('FAILED');
  const rollbackId = failed.OperationFailureDetails?.RollbackOperationId;
  expect(await endpoint.ended(name, rollbackId)).toMatchObject({ OperationStatus: 'SUCCESSFUL' });
  const detail = await endpoint.until(name, 'RUNNING');
  expect(detail).toMatchObject({ ApplicationVersionId: 6, ApplicationVersionRolledBackTo: 4 });
  expect(await properties(name)).toEqual({ rate: '30' });
  await of.remove(name);
});

test('an update that cannot stop the old job leaves it running, at its version', async () => {
  const name = 'unstoppable';
  await of.running(name);
  const before = await of.jobOf(name);
  endpoint
    .control()
    .troubles.add({ kind: 'fail', operation: 'UpdateApplication', point: 'begin', reason: 'no snapshot' });
  expect(await endpoint.ended(name, await of.update(name, 1, { rate: '30' }))).toMatchObject({
    OperationStatus: 'FAILED',
  });
  expect((await endpoint.until(name, 'RUNNING')).ApplicationVersionId).toBe(1);
  expect((await of.jobOf(name)).id).toBe(before.id);
  expect(await properties(name)).toEqual({ rate: '20' });
  await of.remove(name);
});
