import { handoverSteps, replaySteps, restartSteps } from './plans';
import { openPlace, type Place, type Ticking } from './ticking';

// A bad day: releases that do not run, answers that are lost, a service that is stuck.
let place: Place;

beforeAll(async () => {
  place = await openPlace('rollout-taken-back');
});

afterEach(() => place.clear());

afterAll(() => place.close());

/** Fails the running job again and again. */
const BAD = { divisor: '0' };

async function expectAsBefore(ticking: Ticking, version: number): Promise<void> {
  const { blue, rolling, control } = ticking;
  expect(await rolling.flink.describe(blue)).toMatchObject({
    status: 'RUNNING',
    version,
    parameters: { divisor: '1', generation: '1' },
  });
  const { generations } = await control.generations();
  expect(generations[0]).toEqual({ generation: 1, from: 0, slot: 'blue' });
  for (const ended of generations.slice(1)) expect(ended).toMatchObject({ shadow: true, until: ended.from });
  expect(await control.rollout()).toBeUndefined();
}

test('restart: a release in a restart loop is taken back to the state of before', async () => {
  const ticking = place.application();
  await ticking.create();
  const outcome = await ticking.perform(await ticking.plan(BAD, 'restart', restartSteps));
  expect(outcome.outcome).toBe('taken back');
  expect(outcome.reason).toContain('/ by zero');
  await expectAsBefore(ticking, 3);
  expect((await ticking.control.history(1))[0]).toMatchObject({
    outcome: 'taken back',
    generation: 1,
    reason: outcome.reason,
  });
});

test('replay: a release in a restart loop is taken back to the snapshot of its stop', async () => {
  const ticking = place.application();
  await ticking.create();
  const outcome = await ticking.perform(await ticking.plan(BAD, 'replay', replaySteps));
  expect(outcome.outcome).toBe('taken back');
  await expectAsBefore(ticking, 3);
});

test('handover: a second application that does not run is removed, and the first was never touched', async () => {
  const ticking = place.application();
  await ticking.create();
  const outcome = await ticking.perform(await ticking.plan(BAD, 'handover', handoverSteps));
  expect(outcome.outcome).toBe('taken back');
  await expectAsBefore(ticking, 1);
  expect(await ticking.rolling.flink.describe(ticking.green)).toBeUndefined();
});

test('handover taken back after the switch: the old one is heard again, and what it said meanwhile comes again', async () => {
  const ticking = place.application();
  await ticking.create();
  const plan = await ticking.plan({ keys: '5' }, 'handover', (of) => [
    ...handoverSteps(of),
    // Fails after everything else is done.
    { kind: 'snapshot', application: of.blue, snapshot: 'of-what-is-stopped' },
  ]);
  const restated: [number, number][] = [];
  let heardThen: object | undefined;
  const outcome = await ticking.perform(plan, {
    restate: async (generation, fromSecond) => {
      restated.push([generation, fromSecond]);
      heardThen = (await ticking.control.generations()).generations[0];
      return 0;
    },
  });
  expect(outcome.outcome).toBe('taken back');
  const second = (await ticking.control.generations()).generations[1]?.from;
  expect(restated).toEqual([[1, second]]);
  expect(heardThen).toEqual({ generation: 1, from: 0, slot: 'blue' });
  await expectAsBefore(ticking, 1);
});

test('an answer that is lost, too many requests, and a busy service change nothing', async () => {
  const ticking = place.application();
  await ticking.create();
  const plan = await ticking.plan({ rate: '30' }, 'restart', restartSteps);
  const { troubles } = place.service.control;
  troubles.add({ kind: 'lose-answer', action: 'UpdateApplication' });
  troubles.add({ kind: 'refuse', action: 'DescribeApplication', error: 'ThrottlingException', times: 6 });
  troubles.add({ kind: 'refuse', action: 'UpdateApplication', error: 'ConcurrentModificationException' });
  expect(await ticking.perform(plan)).toMatchObject({ outcome: 'done' });
  expect(troubles.left()).toEqual([]);
  // Once, and not twice.
  expect(await ticking.rolling.flink.describe(ticking.blue)).toMatchObject({ version: 2 });
});

test('an update that is stuck is given up, stopped by force and taken back', async () => {
  const ticking = place.application();
  await ticking.create();
  place.service.control.troubles.add({ kind: 'hold', operation: 'UpdateApplication', point: 'launch' });
  const plan = await ticking.plan({ rate: '30' }, 'restart', restartSteps);
  const outcome = await ticking.perform(plan, { operationLimitSeconds: 8 });
  expect(outcome.outcome).toBe('taken back');
  expect(outcome.reason).toContain('it is UPDATING');
  await expectAsBefore(ticking, 3);
});

test('a target that moved since the plan is refused, and nothing is changed', async () => {
  const ticking = place.application();
  await ticking.create();
  const plan = await ticking.plan({ rate: '30' }, 'restart', restartSteps);
  const { flink } = ticking.rolling;
  await flink.createSnapshot(ticking.blue, 'by-hand');
  await expect(ticking.perform(plan)).rejects.toThrow('moved since the plan was made');
  expect(await flink.describe(ticking.blue)).toMatchObject({ status: 'RUNNING', version: 1 });
  expect(await ticking.control.rollout()).toBeUndefined();
});
