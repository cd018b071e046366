import { createSteps, handoverSteps, replaySteps, restartSteps } from './plans';
import { openPlace, type Place, type Ticking } from './ticking';

// Every rollout, performed on S3, DynamoDB, the Managed Flink endpoint and Flink.
let place: Place;

beforeAll(async () => {
  place = await openPlace('rollout-performed');
});

afterEach(() => place.clear());

afterAll(() => place.close());

async function statusOf({ rolling }: Ticking, application: string): Promise<string | undefined> {
  return (await rolling.flink.describe(application))?.status;
}

async function generationsOf({ control }: Ticking): Promise<object> {
  return (await control.generations()).generations;
}

test('create: the application is there, runs and is heard, and the history says so', async () => {
  const ticking = place.application();
  const plan = await ticking.plan({}, 'create', createSteps);
  expect(await ticking.perform(plan)).toMatchObject({ outcome: 'done' });
  expect(await statusOf(ticking, ticking.blue)).toBe('RUNNING');
  expect(await generationsOf(ticking)).toEqual([{ generation: 1, from: 0, slot: 'blue' }]);
  expect(await ticking.control.rollout()).toBeUndefined();
  expect(await ticking.control.readLock()).toBeUndefined();
  expect(await ticking.control.history(5)).toMatchObject([
    { id: plan.id, who: 'a test', action: 'apply', rollout: 'create', outcome: 'done', version: 1 },
  ]);
});

test('restart: the new settings run with the state of the old job', async () => {
  const ticking = place.application();
  await ticking.create();
  const plan = await ticking.plan({ rate: '30' }, 'restart', restartSteps);
  expect(await ticking.perform(plan)).toMatchObject({ outcome: 'done' });
  const observed = await ticking.rolling.flink.describe(ticking.blue);
  expect(observed).toMatchObject({
    status: 'RUNNING',
    version: 2,
    parameters: { rate: '30', generation: '2' },
  });
  expect((await ticking.rolling.flink.snapshots(ticking.blue)).map(({ name }) => name)).toContain(
    'before-generation-2',
  );
  expect(await generationsOf(ticking)).toEqual([
    { generation: 1, from: 0, slot: 'blue' },
    { generation: 2, from: 0, slot: 'blue' },
  ]);
});

test('replay: the new job begins so early that it has a whole window at the cutover', async () => {
  const ticking = place.application();
  await ticking.create();
  const beforeSeconds = Math.floor(Date.now() / 1_000);
  const plan = await ticking.plan({ keys: '5' }, 'replay', replaySteps);
  expect(await ticking.perform(plan)).toMatchObject({ outcome: 'done' });
  const { parameters, status } = (await ticking.rolling.flink.describe(ticking.blue)) ?? {};
  expect(status).toBe('RUNNING');
  expect(parameters).toMatchObject({ keys: '5', generation: '2', start: 'AT_TIMESTAMP' });
  const [cutover, startAt] = [Number(parameters?.['cutover']), Number(parameters?.['start_at'])];
  // The job ticks with the clock, so it had finished about the second of the plan.
  expect(cutover).toBeGreaterThan(beforeSeconds - 60 - 60);
  expect(cutover).toBeLessThanOrEqual(Math.floor(Date.now() / 1_000) - 60);
  expect(startAt).toBe(cutover - 125 - 60);
  expect(await generationsOf(ticking)).toEqual([
    { generation: 1, from: 0, slot: 'blue' },
    { generation: 2, from: cutover, slot: 'blue' },
  ]);
});

test('handover: the second application takes over at a second, and the first is stopped', async () => {
  const ticking = place.application();
  await ticking.create();
  const plan = await ticking.plan({ keys: '5' }, 'handover', handoverSteps);
  expect(await ticking.perform(plan)).toMatchObject({ outcome: 'done' });
  expect(await statusOf(ticking, ticking.green)).toBe('RUNNING');
  expect(await statusOf(ticking, ticking.blue)).toBe('READY');
  const at = (await ticking.control.generations()).generations[0]?.until ?? 0;
  expect(at).toBeGreaterThan(0);
  expect(await generationsOf(ticking)).toEqual([
    { generation: 1, from: 0, until: at, slot: 'blue' },
    { generation: 2, from: at, slot: 'green' },
  ]);
});

test('settings and start: tags are put on without a restart, and what is stopped is started', async () => {
  const ticking = place.application();
  await ticking.create();
  const { flink } = ticking.rolling;
  const tagging = await ticking.plan({}, 'settings', ({ blue }) => [
    { kind: 'tag', application: blue, tags: { team: 'platform' } },
  ]);
  expect(await ticking.perform(tagging)).toMatchObject({ outcome: 'done' });
  const observed = await flink.describe(ticking.blue);
  expect(observed && (await flink.tags(observed))).toMatchObject({ team: 'platform' });
  expect(observed).toMatchObject({ status: 'RUNNING', version: 1 });

  const removing = await ticking.plan({}, 'settings', ({ blue }) => [
    { kind: 'stop', application: blue },
    { kind: 'start', application: blue, state: 'latest' },
    { kind: 'gates', application: blue, limitSeconds: 60 },
    { kind: 'delete', application: blue },
  ]);
  expect(await ticking.perform(removing)).toMatchObject({ outcome: 'done' });
  expect(await flink.describe(ticking.blue)).toBeUndefined();
});
