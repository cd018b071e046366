import { createGuard } from '../../guard';
import { suspensionStoreNames } from '../../lambdas/contracts/suspension-store';
import { eventually } from './eventually';
import { type Setting, startSetting, untilAllowed } from './setting';

const names = suspensionStoreNames();
let setting: Setting;

beforeEach(async () => {
  setting = await startSetting();
});

afterEach(async () => {
  await setting.end();
});

test('Redis killed and started again empty: refuses until each entry ends, then follows the new store', async () => {
  let nowMs = 1_700_000_000_000;
  await setting.suspend('first', nowMs, 1_000);
  await setting.suspend('second', nowMs + 60_000, 1_060);
  const { guard, events } = await setting.startGuard({ pollSeconds: 0.05, now: () => nowMs });
  const { epoch } = guard.state();

  await setting.redisProcess.kill();
  await eventually('the guard to notice', () => guard.state().status === 'stale');
  expect(guard.check('first').allowed).toBe(false);
  expect(guard.check('second').allowed).toBe(false);

  await setting.redisProcess.restart();
  await eventually('the guard to follow again', () => guard.state().status === 'current');
  expect(events.map(({ kind }) => kind)).toContain('reset');
  expect(guard.check('first').allowed).toBe(false);
  nowMs += 120_000;
  expect(guard.check('first').allowed).toBe(true);
  expect(guard.check('second').allowed).toBe(false);

  await setting.suspend('third', nowMs, 2_000);
  await untilAllowed(guard, 'third', false);
  expect(guard.check('second').allowed).toBe(false);
  expect(guard.state().epoch).not.toBe(epoch);
  expect(guard.state()).toMatchObject({ status: 'current', size: 2, version: 1 });
  nowMs += 60_000;
  expect(guard.check('second').allowed).toBe(true);
});

test('what was lifted while the guard could not hear of it is let through once Redis is back', async () => {
  await setting.suspend('lifted');
  await setting.suspend('stays');
  const { guard } = await setting.startGuard({ pollSeconds: 0.05 });
  await setting.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await setting.redis
    .multi()
    .hdel(names.details, 'lifted')
    .zrem(names.active, 'lifted')
    .incr(names.version)
    .exec();
  await untilAllowed(guard, 'lifted', true);
  expect(guard.check('stays').allowed).toBe(false);
});

test('a push connection that is lost is reported, and comes back by itself', async () => {
  const { guard, events } = await setting.startGuard({ pollSeconds: 3_600 });
  await eventually('pushes', () => guard.state().push);
  await setting.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await eventually('the loss to be reported', () => events.some(({ kind }) => kind === 'push-lost'));
  await eventually('pushes again', () => guard.state().push);
  await setting.suspend('app_1');
  await untilAllowed(guard, 'app_1', false);
});

test('a store that went back to a lower version keeps what was known until it ends', async () => {
  await setting.suspend('known');
  await setting.suspend('lost');
  const { guard, events } = await setting.startGuard({ pollSeconds: 0.05 });
  await setting.redis
    .multi()
    .hdel(names.details, 'lost')
    .zrem(names.active, 'lost')
    .decr(names.version)
    .exec();
  await eventually('the reset to be reported', () => events.some(({ kind }) => kind === 'reset'));
  expect(guard.check('lost').allowed).toBe(false);
  expect(guard.check('known').allowed).toBe(false);
});

test('a Redis that hangs makes the guard stale, and current when it goes on', async () => {
  await setting.suspend('app_1');
  const { guard } = await setting.startGuard({ pollSeconds: 0.05 });
  setting.redisProcess.pause();
  try {
    await eventually('the guard to notice', () => guard.state().status === 'stale');
    expect(guard.check('app_1').allowed).toBe(false);
  } finally {
    setting.redisProcess.resume();
  }
  await eventually('the guard to follow again', () => guard.state().status === 'current');
  await setting.suspend('app_2');
  await untilAllowed(guard, 'app_2', false);
});

test('without Redis from the start requests are let through, and it is said; with it the guard begins', async () => {
  await setting.redisProcess.kill();
  const { guard, events } = await setting.startGuard({ pollSeconds: 0.05, startSeconds: 0.1 });
  await eventually('it to be reported', () => events.some(({ kind }) => kind === 'stale'));
  expect(guard.check('app_1')).toEqual({ allowed: true });
  await setting.redisProcess.restart();
  await guard.ready;
  expect(guard.state().status).toBe('current');
});

test('a guard that fails closed refuses writes until it knows, and again when it has been blind for too long', async () => {
  let nowMs = 1_700_000_000_000;
  const closed = createGuard({
    redis: setting.redisProcess.url,
    fail: 'closed',
    blindAfterSeconds: 60,
    pollSeconds: 0.05,
    now: () => nowMs,
    onEvent: () => undefined,
  });
  try {
    expect(closed.check('app_1')).toMatchObject({ allowed: false, because: 'blind', retryAfterSeconds: 5 });
    expect(closed.check('app_1', { scope: 'reads' }).allowed).toBe(true);
    await closed.start();
    expect(closed.check('app_1').allowed).toBe(true);
    await setting.redisProcess.kill();
    await eventually('the guard to notice', () => closed.state().status === 'stale');
    nowMs += 59_999;
    expect(closed.check('app_1').allowed).toBe(true);
    nowMs += 1;
    expect(closed.check('app_1').allowed).toBe(false);
  } finally {
    await closed.stop();
  }
});
