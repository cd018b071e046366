import {
  CreateApplicationSnapshotCommand,
  DescribeApplicationCommand,
  StopApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { drive, type Drive } from './drive';
import { createRequest, type OwnEndpoint, startEndpoint } from './endpoint';

// What the service does by itself or refuses to whoever asks for a running application's insides, on a real Flink.
const BUCKET = 'managed-flink-service-side';
let endpoint: OwnEndpoint;
let of: Drive;
let laterMs = 0;

beforeAll(async () => {
  endpoint = await startEndpoint(BUCKET, { limits: { snapshots: 2 }, now: () => Date.now() + laterMs });
  of = drive(endpoint, BUCKET);
});

afterAll(async () => {
  await endpoint.stop();
});

test('maintenance and auto-scaling restart what runs, with its state', async () => {
  const name = 'served';
  await of.running(name);
  const first = await of.jobOf(name);
  const maintenance = endpoint.control().maintain(name);
  expect((await endpoint.describe(name)).ApplicationStatus).toBe('MAINTENANCE');
  await expect(
    endpoint.client.send(new StopApplicationCommand({ ApplicationName: name, Force: true })),
  ).rejects.toMatchObject({ name: 'ResourceInUseException' });
  expect(await endpoint.ended(name, maintenance)).toMatchObject({ OperationStatus: 'SUCCESSFUL' });
  expect((await endpoint.until(name, 'RUNNING')).ApplicationVersionId).toBe(1);
  const second = await of.jobOf(name);
  expect(second.id).not.toBe(first.id);
  expect(await of.restoredFrom(name)).toContain('/snapshots/savepoint-');

  const answer = await fetch(`${endpoint.url}/local/autoscaling`, {
    method: 'POST',
    body: JSON.stringify({ application: name, parallelism: 2 }),
  });
  const { operationId } = (await answer.json()) as { operationId: string };
  expect((await endpoint.describe(name)).ApplicationStatus).toBe('AUTOSCALING');
  expect(await endpoint.ended(name, operationId)).toMatchObject({ OperationStatus: 'SUCCESSFUL' });
  const scaled = await endpoint.until(name, 'RUNNING');
  expect(
    scaled.ApplicationConfigurationDescription?.FlinkApplicationConfigurationDescription
      ?.ParallelismConfigurationDescription,
  ).toMatchObject({ Parallelism: 1, CurrentParallelism: 2 });
  const { get } = await of.jobOf(name);
  const { vertices } = await get<{ vertices: { parallelism: number }[] }>('');
  expect(vertices.map(({ parallelism }) => parallelism)).toContain(2);
  await of.remove(name);
});

test('a presigned URL opens Flink for its application alone, to be read, for as long as it was asked for', async () => {
  await Promise.all([of.running('seen'), of.running('other')]);
  const url = await of.presignedUrl('seen', 1800);
  const unused = await of.presignedUrl('seen');
  const base = url.origin + url.pathname;
  const get = (path: string): Promise<Response> => fetch(base + path);

  expect(await (await get('')).text()).toContain('<html');
  const overview = (await (await get('jobs/overview')).json()) as { jobs: { jid: string }[] };
  const { id } = await of.jobOf('seen');
  expect(overview.jobs.map(({ jid }) => jid)).toEqual([id]);
  const { jobs } = (await (await get('jobs')).json()) as { jobs: { id: string }[] };
  expect(jobs.map((job) => job.id)).toEqual([id]);
  expect((await fetch(`${base}jobs/${id}`, { method: 'PATCH' })).status).toBe(403);

  laterMs = 4 * 60_000;
  expect((await get('jobs')).status).toBe(200);
  // One that was not used within three minutes never works.
  expect((await fetch(unused)).status).toBe(403);
  laterMs = 1801 * 1000;
  expect((await get('jobs')).status).toBe(403);
  expect((await fetch(`${url.origin}/flink/none/jobs`)).status).toBe(403);
  laterMs = 0;
  await Promise.all([of.remove('seen'), of.remove('other')]);
});

test('the job’s plan is described when it is asked for', async () => {
  const ApplicationName = 'planned';
  await of.running(ApplicationName);
  const { ApplicationDetail } = await endpoint.client.send(
    new DescribeApplicationCommand({ ApplicationName, IncludeAdditionalDetails: true }),
  );
  const plan =
    ApplicationDetail?.ApplicationConfigurationDescription?.FlinkApplicationConfigurationDescription
      ?.JobPlanDescription;
  expect(JSON.parse(plan ?? '{}')).toHaveProperty('plan.nodes');
  await of.remove(ApplicationName);
});

test('snapshots have names of their own and a limit, and an application may take none', async () => {
  const ApplicationName = 'limited';
  await of.running(ApplicationName);
  const take = (SnapshotName: string): Promise<unknown> =>
    endpoint.client.send(new CreateApplicationSnapshotCommand({ ApplicationName, SnapshotName }));
  await of.snapshot(ApplicationName, 'one');
  await expect(take('one')).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await take('two');
  expect(await of.snapshots(ApplicationName)).toMatchObject([
    { SnapshotName: 'two', SnapshotStatus: 'CREATING' },
    { SnapshotName: 'one', SnapshotStatus: 'READY' },
  ]);
  await expect(take('three')).rejects.toMatchObject({ name: 'LimitExceededException' });
  await of.remove(ApplicationName);

  const stateless = createRequest(BUCKET, 'stateless');
  await endpoint.create('stateless', {
    ApplicationConfiguration: {
      ...stateless.ApplicationConfiguration,
      ApplicationCodeConfiguration: stateless.ApplicationConfiguration?.ApplicationCodeConfiguration,
      ApplicationSnapshotConfiguration: { SnapshotsEnabled: false },
    },
  });
  await expect(
    endpoint.client.send(
      new CreateApplicationSnapshotCommand({ ApplicationName: 'stateless', SnapshotName: 's' }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidApplicationConfigurationException' });
});
