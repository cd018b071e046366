import { Redis } from 'ioredis';
import { createGuard, type GuardMetrics } from '../../guard';
import { suspensionStoreNames } from '../../lambdas/contracts/suspension-store';
import { suspendAt } from './changes';
import { eventually } from './eventually';
import { startRedisProcess } from './redis-process';
import { startSlowNetwork } from './slow-network';
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

test('a store that is flushed while it runs keeps what was known, beside what comes', async () => {
  await setting.suspend('known');
  const { guard, events } = await setting.startGuard({ pollSeconds: 0.05 });
  await setting.redis.flushall();
  await eventually('the reset to be reported', () => events.some(({ kind }) => kind === 'reset'));
  expect(guard.check('known').allowed).toBe(false);
  await setting.suspend('new');
  await untilAllowed(guard, 'new', false);
  expect(guard.check('known').allowed).toBe(false);
  expect(guard.state()).toMatchObject({ status: 'current', size: 2, version: 1 });
});

test('after a failover the guard follows the replica, and the set is the same', async () => {
  const replica = await startRedisProcess({
    settings: ['--replicaof', '127.0.0.1', String(setting.redisProcess.port)],
  });
  const onReplica = new Redis(replica.url);
  const network = await startSlowNetwork(setting.redisProcess.url);
  try {
    await setting.suspend('before');
    const { guard, events } = await setting.startGuard({ redis: network.url, pollSeconds: 0.05 });
    await eventually('the replica to have it', async () => (await onReplica.get(names.version)) === '1');
    await setting.redisProcess.kill();
    await onReplica.call('REPLICAOF', 'NO', 'ONE');
    network.leadTo(replica.url);
    await eventually('the guard to notice', () => events.some(({ kind }) => kind === 'stale'));
    expect(guard.check('before').allowed).toBe(false);
    await eventually('the guard to follow again', () => guard.state().status === 'current');
    await suspendAt(onReplica, 'after');
    await untilAllowed(guard, 'after', false);
    expect(guard.check('before').allowed).toBe(false);
    expect(events.map(({ kind }) => kind)).not.toContain('reset');
  } finally {
    await Promise.all(setting.guards.map((guard) => guard.stop()));
    network.close();
    onReplica.disconnect();
    await replica.kill();
  }
});

test('a Redis that is slow is followed as long as it answers within two seconds', async () => {
  const network = await startSlowNetwork(setting.redisProcess.url);
  try {
    await setting.suspend('before');
    network.delay(300);
    const { guard, events } = await setting.startGuard({ redis: network.url, pollSeconds: 0.05 });
    expect(guard.check('before').allowed).toBe(false);
    await setting.suspend('after');
    await untilAllowed(guard, 'after', false);
    expect(events.map(({ kind }) => kind)).toEqual(['current']);
  } finally {
    await Promise.all(setting.guards.map((guard) => guard.stop()));
    network.close();
  }
});

test('while Redis is paused the metrics say for how long, and the next ones that it is over', async () => {
  const pausedMs = process.env['SPILLWAY_FULL'] === '1' ? 30_000 : 500;
  await setting.suspend('known');
  const metrics: GuardMetrics[] = [];
  const { guard, events } = await setting.startGuard({
    pollSeconds: 0.05,
    flushSeconds: 0.05,
    onMetrics: (given) => metrics.push(given),
  });
  await eventually('pushes', () => guard.state().push);
  setting.redisProcess.pause();
  try {
    const long = ({ staleSeconds }: GuardMetrics): boolean => staleSeconds * 1000 >= pausedMs;
    await eventually('the metrics to say so', () => metrics.some(long), pausedMs + 20_000);
    expect(guard.check('known').allowed).toBe(false);
    expect(metrics.at(-1)).toMatchObject({ suspensions: 1, stale: 1 });
  } finally {
    setting.redisProcess.resume();
  }
  await setting.suspend('new');
  await untilAllowed(guard, 'new', false);
  await eventually('pushes again', () => guard.state().push);
  await guard.stop();
  expect(metrics.at(-1)).toMatchObject({
    suspensions: 2,
    stale: 0,
    staleSeconds: 0,
    clockSkewMs: expect.any(Number) as number,
  });
  expect(metrics.reduce((sum, { refusals }) => sum + refusals, 0)).toBe(guard.state().refusals);
  expect(events.map(({ kind }) => kind)).not.toContain('reset');
});
