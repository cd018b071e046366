import {
  DescribeApplicationCommand,
  KinesisAnalyticsV2Client,
  ListApplicationsCommand,
  StopApplicationCommand,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { drive, type Drive } from './drive';
import { createRequest, type OwnEndpoint, startEndpoint } from './endpoint';

// What a client meets on a bad day, as far as nothing runs: Flink does not answer.
const NO_FLINK = 'http://127.0.0.1:1';
const LEAST_TRANSITION_MS = 700;
const BUCKET = 'managed-flink-troubles';
let endpoint: OwnEndpoint;
let start: Drive['start'];
/** Tries once and gives up, so that a refusal is seen. */
let impatient: KinesisAnalyticsV2Client;
/** Stops the clock of the request rate. */
let frozenMs: number | undefined;

beforeAll(async () => {
  endpoint = await startEndpoint(BUCKET, {
    flinkRestUrl: NO_FLINK,
    rate: { requestsPerSecond: 50, burst: 100 },
    limits: { applications: 9 },
    leastTransitionMs: LEAST_TRANSITION_MS,
    now: () => frozenMs ?? Date.now(),
  });
  ({ start } = drive(endpoint, BUCKET));
  impatient = new KinesisAnalyticsV2Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoint: endpoint.url,
    maxAttempts: 1,
  });
});

afterAll(async () => {
  impatient.destroy();
  await endpoint.stop();
});

async function local(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${endpoint.url}/local/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

test('more requests than the rate allows are throttled, each action by itself, until time has passed', async () => {
  frozenMs = Date.now();
  const list = (): Promise<unknown> => impatient.send(new ListApplicationsCommand());
  const outcomes = await Promise.all(
    Array.from({ length: 101 }, () =>
      list().then(
        () => 'answered',
        (thrown: Error) => thrown.name,
      ),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(100);
  expect(outcomes).toContain('ThrottlingException');
  const describing = impatient.send(new DescribeApplicationCommand({ ApplicationName: 'none' }));
  await expect(describing).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  frozenMs += 20;
  await list();
  await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException' });
  frozenMs = undefined;
});

test('a client that tries again, as AWS’s do by themselves, gets through a throttled describe', async () => {
  await endpoint.create('throttled');
  const trouble = { kind: 'refuse', action: 'DescribeApplication', error: 'ThrottlingException' } as const;
  endpoint.control().troubles.add(trouble);
  expect(await endpoint.describe('throttled')).toMatchObject({ ApplicationStatus: 'READY' });
  expect(endpoint.control().troubles.left()).toEqual([]);
  endpoint.control().troubles.add(trouble);
  const describing = impatient.send(new DescribeApplicationCommand({ ApplicationName: 'throttled' }));
  await expect(describing).rejects.toMatchObject({ name: 'ThrottlingException' });
});

test('a refused action has done nothing, and strikes as often as it was asked to', async () => {
  const ApplicationName = 'refused';
  await endpoint.create(ApplicationName);
  endpoint.control().troubles.add({
    kind: 'refuse',
    action: 'UpdateApplication',
    application: ApplicationName,
    error: 'ConcurrentModificationException',
    times: 2,
  });
  const update = (): Promise<unknown> =>
    impatient.send(new UpdateApplicationCommand({ ApplicationName, CurrentApplicationVersionId: 1 }));
  await expect(update()).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
  await expect(update()).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
  expect((await endpoint.describe(ApplicationName)).ApplicationVersionId).toBe(1);
  await update();
  expect((await endpoint.describe(ApplicationName)).ApplicationVersionId).toBe(2);
});

test('an action whose answer is lost has been done', async () => {
  const ApplicationName = 'unheard';
  await endpoint.create(ApplicationName);
  endpoint.control().troubles.add({ kind: 'lose-answer', action: 'UpdateApplication' });
  const update = impatient.send(
    new UpdateApplicationCommand({ ApplicationName, CurrentApplicationVersionId: 1 }),
  );
  await expect(update).rejects.toThrow('socket hang up');
  expect((await endpoint.describe(ApplicationName)).ApplicationVersionId).toBe(2);
});

test('an operation that is held keeps its status until it is released', async () => {
  await endpoint.create('held');
  endpoint
    .control()
    .troubles.add({ kind: 'hold', operation: 'StartApplication', point: 'begin', application: 'held' });
  const operation = await start('held');
  expect((await endpoint.describe('held')).ApplicationStatus).toBe('STARTING');
  endpoint.control().troubles.clear();
  // There is no Flink to start it.
  expect(await endpoint.ended('held', operation)).toMatchObject({ OperationStatus: 'FAILED' });
  await endpoint.until('held', 'READY');
});

test('what is held can be stopped by force', async () => {
  const ApplicationName = 'stuck';
  await endpoint.create(ApplicationName);
  endpoint.control().troubles.add({ kind: 'hold', operation: 'StartApplication', point: 'launch' });
  const starting = await start(ApplicationName);
  await expect(impatient.send(new StopApplicationCommand({ ApplicationName }))).rejects.toMatchObject({
    name: 'ResourceInUseException',
  });
  await impatient.send(new StopApplicationCommand({ ApplicationName, Force: true }));
  expect((await endpoint.describe(ApplicationName)).ApplicationStatus).toBe('FORCE_STOPPING');
  await endpoint.until(ApplicationName, 'READY');
  expect(await endpoint.ended(ApplicationName, starting)).toMatchObject({ OperationStatus: 'CANCELLED' });
});

test('trouble is asked for, listed and cleared over HTTP as well, and nonsense is refused', async () => {
  const trouble = { kind: 'fail', operation: 'StartApplication', point: 'begin', reason: 'no capacity' };
  await endpoint.create('failing');
  expect(await local('POST', 'troubles', trouble)).toMatchObject({ status: 200 });
  expect(await local('GET', 'troubles')).toMatchObject({ body: { troubles: [{ ...trouble, times: 1 }] } });
  expect(await endpoint.ended('failing', await start('failing'))).toMatchObject({
    OperationStatus: 'FAILED',
    OperationFailureDetails: { ErrorInfo: { ErrorString: 'no capacity' } },
  });
  expect(await local('GET', 'troubles')).toMatchObject({ body: { troubles: [] } });
  await local('POST', 'troubles', trouble);
  await local('DELETE', 'troubles');
  expect(await local('GET', 'troubles')).toMatchObject({ body: { troubles: [] } });
  expect(await local('POST', 'troubles', { kind: 'fire' })).toMatchObject({ status: 400 });
  expect(await local('POST', 'autoscaling', { application: 'failing', parallelism: 2 })).toMatchObject({
    status: 400,
    body: { message: 'application failing is READY: it is scaled when RUNNING' },
  });
});

test('maintenance of a READY application shows as MAINTENANCE, in which it can be neither started nor updated', async () => {
  const ApplicationName = 'in-maintenance';
  await endpoint.create(ApplicationName);
  endpoint.control().troubles.add({ kind: 'hold', operation: 'ApplicationMaintenance', point: 'begin' });
  const operation = endpoint.control().maintain(ApplicationName);
  expect((await endpoint.describe(ApplicationName)).ApplicationStatus).toBe('MAINTENANCE');
  await expect(start(ApplicationName)).rejects.toMatchObject({ name: 'ResourceInUseException' });
  const updating = impatient.send(
    new UpdateApplicationCommand({ ApplicationName, CurrentApplicationVersionId: 1 }),
  );
  await expect(updating).rejects.toMatchObject({ name: 'ResourceInUseException' });
  endpoint.control().troubles.clear();
  expect(await endpoint.ended(ApplicationName, operation)).toMatchObject({
    Operation: 'ApplicationMaintenance',
    OperationStatus: 'SUCCESSFUL',
  });
  await endpoint.until(ApplicationName, 'READY');
});

test('a passing status is to be seen for a while, even where there is nothing to do', async () => {
  const ApplicationName = 'unhurried';
  await endpoint.create(ApplicationName);
  const operation = endpoint.control().maintain(ApplicationName);
  const { StartTime, EndTime } = await endpoint.ended(ApplicationName, operation);
  const seenMs = (EndTime?.getTime() ?? 0) - (StartTime?.getTime() ?? 0);
  // A timer may be a millisecond early by the clock.
  expect(seenMs).toBeGreaterThanOrEqual(LEAST_TRANSITION_MS - 10);
});

test('one application more than there may be is a LimitExceededException', async () => {
  const { ApplicationSummaries: there = [] } = await endpoint.client.send(new ListApplicationsCommand());
  for (let count = there.length; count < 9; count += 1) await endpoint.create(`filler-${count}`);
  const name = 'too-many';
  await expect(endpoint.create(name, createRequest(BUCKET, name))).rejects.toMatchObject({
    name: 'LimitExceededException',
  });
});
