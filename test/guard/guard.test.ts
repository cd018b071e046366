import { createGuard } from '../../guard';
import { privateText } from '../../lambdas/contracts/private-text';
import { suspensionStoreNames } from '../../lambdas/contracts/suspension-store';
import { aRequest } from '../lambdas/suspender/requests';
import { eventually } from './eventually';
import { startSlowNetwork } from './slow-network';
import { type Setting, startSetting, untilAllowed } from './setting';

const names = suspensionStoreNames();
/** So rare that a test that sees a change has seen it pushed. */
const neverPolls = { pollSeconds: 3_600 };
let setting: Setting;

beforeEach(async () => {
  setting = await startSetting();
});

afterEach(async () => {
  await setting.end();
});

test('a subject that is not suspended is let through', async () => {
  const { guard } = await setting.startGuard();
  expect(guard.check('app_1')).toEqual({ allowed: true });
  expect(guard.state()).toMatchObject({ status: 'current', size: 0, refusals: 0, version: 0, epoch: '' });
});

test('a guard that is pushed changes before it can ask does not call Redis gone', async () => {
  const network = await startSlowNetwork(setting.redisProcess.url);
  try {
    network.holdAskingConnection();
    const { guard, events } = await setting.startGuard({
      ...neverPolls,
      redis: network.url,
      startSeconds: 0.01,
    });
    await eventually('the guard to be pushed changes', () => guard.state().push);
    expect(guard.state().status).toBe('starting');
    network.release();
    await guard.ready;
    expect(events.map(({ kind }) => kind)).toEqual(['current']);
    await setting.suspend('app_1');
    await untilAllowed(guard, 'app_1', false);
  } finally {
    network.close();
  }
});

test('a subject suspended before the guard started is refused, with the end and the reason', async () => {
  const startMs = 1_700_000_000_000;
  await setting.suspend('app_1', startMs, 1_000);
  const { guard } = await setting.startGuard({ now: () => startMs + 30_500 });
  expect(guard.check('app_1')).toMatchObject({
    allowed: false,
    because: 'suspended',
    until: startMs + 120_000,
    retryAfterSeconds: 90,
    suspension: { subject: 'app_1', offences: 1, reason: aRequest().excess },
  });
});

test('a guard with the salt finds subjects that are suspended under their hashes', async () => {
  const salt = 'a salt of sixteen characters';
  await setting.suspend(privateText(salt, 'app_1'));
  const { guard } = await setting.startGuard({ privacySalt: salt });
  expect(guard.check('app_1').allowed).toBe(false);
  expect(guard.check('app_2').allowed).toBe(true);
});

test('a salt that could be guessed is refused', () => {
  expect(() => createGuard({ redis: 'redis://127.0.0.1:1', privacySalt: 'short' })).toThrow(
    /privacySalt has 5 characters/,
  );
});

test('two guards are pushed a suspension, its extension and its lift', async () => {
  const guards = [await setting.startGuard(neverPolls), await setting.startGuard(neverPolls)].map(
    ({ guard }) => guard,
  );
  await eventually('both to be pushed changes', () => guards.every((guard) => guard.state().push));
  const startMs = Date.now();
  await setting.suspend('app_1', startMs, 1_000);
  await Promise.all(guards.map((guard) => untilAllowed(guard, 'app_1', false)));

  await setting.suspend('app_1', startMs + 60_000, 1_060);
  const extended = { until: startMs + 180_000 };
  await eventually('both to know the later end', () =>
    guards.every((guard) =>
      JSON.stringify(guard.check('app_1')).includes(`"until":${String(extended.until)}`),
    ),
  );

  const { epoch, version } = guards[0]?.state() ?? {};
  await setting.redis.publish(
    names.changes,
    JSON.stringify({ version: Number(version) + 1, epoch, lifted: 'app_1' }),
  );
  await Promise.all(guards.map((guard) => untilAllowed(guard, 'app_1', true)));
});

test('a change that was not pushed is found by polling', async () => {
  const { guard } = await setting.startGuard({ pollSeconds: 0.05 });
  await eventually('pushes', () => guard.state().push);
  await setting.suspend('app_1');
  await untilAllowed(guard, 'app_1', false);
  await setting.redis.multi().del(names.details, names.active).incr(names.version).exec();
  await untilAllowed(guard, 'app_1', true);
});

test('a push that follows a missed one has the whole set read', async () => {
  const { guard } = await setting.startGuard(neverPolls);
  await eventually('pushes', () => guard.state().push);
  await setting.suspend('missed');
  await untilAllowed(guard, 'missed', false);
  const details = await setting.redis.hget(names.details, 'missed');
  await setting.redis.hset(names.details, 'silent', String(details).replaceAll('"missed"', '"silent"'));
  await setting.redis.incr(names.version);
  expect(guard.check('silent').allowed).toBe(true);
  await setting.suspend('next');
  await untilAllowed(guard, 'silent', false);
  await untilAllowed(guard, 'next', false);
});

test('what is pushed while the guard reads the set is known after the read', async () => {
  const network = await startSlowNetwork(setting.redisProcess.url);
  try {
    const { guard, events } = await setting.startGuard({ ...neverPolls, redis: network.url });
    await eventually('pushes', () => guard.state().push);
    await setting.suspend('before');
    await untilAllowed(guard, 'before', false);

    const before = await setsRead();
    network.holdReads();
    await setting.redis.incr(names.version);
    await setting.suspend('after a gap');
    await eventually('Redis to be asked for the set', async () => (await setsRead()) > before);
    await setting.suspend('during');
    await setting.redis.publish(names.changes, 'the end of what is pushed during the read');
    await eventually('the pushes to arrive', () => events.some(({ kind }) => kind === 'malformed'));
    network.release();

    await untilAllowed(guard, 'during', false);
    expect(guard.check('after a gap').allowed).toBe(false);
    expect(await setsRead()).toBe(before + 1);
    expect(events.map(({ kind }) => kind)).not.toContain('reset');
  } finally {
    network.release();
    await Promise.all(setting.guards.map((guard) => guard.stop()));
    network.close();
  }
});

/** How often Redis was asked for the whole set. */
async function setsRead(): Promise<number> {
  return Number(/cmdstat_hvals:calls=(\d+)/.exec(await setting.redis.info('commandstats'))?.[1] ?? 0);
}

test('a push of what is known already changes nothing', async () => {
  const { guard } = await setting.startGuard(neverPolls);
  await eventually('pushes', () => guard.state().push);
  await setting.suspend('app_1');
  await untilAllowed(guard, 'app_1', false);
  const { epoch, version } = guard.state();
  await setting.redis.publish(names.changes, JSON.stringify({ version, epoch, lifted: 'app_1' }));
  await setting.suspend('after');
  await untilAllowed(guard, 'after', false);
  expect(guard.check('app_1').allowed).toBe(false);
});

test('an entry ends by the guard’s own clock, and a new episode is pushed with its second offence', async () => {
  let nowMs = 1_700_000_000_000;
  const { guard } = await setting.startGuard({ ...neverPolls, now: () => nowMs });
  await eventually('pushes', () => guard.state().push);
  await setting.suspend('app_1', nowMs, 1_000);
  await untilAllowed(guard, 'app_1', false);
  nowMs += 119_999;
  expect(guard.check('app_1')).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
  nowMs += 1;
  expect(guard.check('app_1')).toEqual({ allowed: true });
  expect(guard.state().size).toBe(0);
  await setting.suspend('app_1', nowMs, 1_200);
  await untilAllowed(guard, 'app_1', false);
  expect(guard.check('app_1')).toMatchObject({ suspension: { offences: 2 } });
});

test('a suspension of writes lets reading requests through, one of everything does not', async () => {
  await setting.suspend('writer');
  const details = await setting.redis.hget(names.details, 'writer');
  const everything = String(details).replaceAll('"writer"', '"all"').replace('"writes"', '"everything"');
  await setting.redis.hset(names.details, 'all', everything);
  const { guard } = await setting.startGuard();
  expect(guard.check('writer', { scope: 'reads' }).allowed).toBe(true);
  expect(guard.check('writer', { scope: 'writes' }).allowed).toBe(false);
  expect(guard.check('all', { scope: 'reads' }).allowed).toBe(false);
});

test('a suspension of one route refuses that route, and writes whose route nobody named', async () => {
  await setting.suspend('one');
  const details = String(await setting.redis.hget(names.details, 'one'));
  await setting.redis.hset(names.details, 'one', details.replace('"writes"', '"route:POST /items"'));
  const { guard } = await setting.startGuard();
  expect(guard.check('one', { scope: 'writes', route: 'POST /items' }).allowed).toBe(false);
  expect(guard.check('one', { scope: 'writes', route: 'POST /users' }).allowed).toBe(true);
  expect(guard.check('one', { scope: 'reads' }).allowed).toBe(true);
  expect(guard.check('one').allowed).toBe(false);
});

test('entries that are no suspensions are reported and let through, the others are refused', async () => {
  await setting.suspend('app_1');
  await setting.redis.hset(
    names.details,
    'broken',
    '{"version":1',
    'newer',
    '{"version":2,"subject":"newer"}',
  );
  const { guard, events } = await setting.startGuard();
  expect(events.filter(({ kind }) => kind === 'malformed')).toMatchObject([
    { message: expect.stringContaining('2 entries') as string },
  ]);
  expect(guard.check('broken').allowed).toBe(true);
  expect(guard.check('app_1').allowed).toBe(false);
});

test('a pushed text that is no change is reported, and the next change is followed', async () => {
  const { guard, events } = await setting.startGuard(neverPolls);
  await eventually('pushes', () => guard.state().push);
  await setting.redis.publish(names.changes, 'nonsense');
  await setting.suspend('app_1');
  await untilAllowed(guard, 'app_1', false);
  expect(events.map(({ kind }) => kind)).toContain('malformed');
});

test('a client of the API’s own is copied, and stays as it was when the guard stops', async () => {
  const { guard } = await setting.startGuard({ redis: setting.redis });
  await setting.suspend('app_1');
  await untilAllowed(guard, 'app_1', false);
  await guard.stop();
  expect(await setting.redis.ping()).toBe('PONG');
});

test('a client whose settings prefix keys and map answers finds the store all the same', async () => {
  await setting.suspend('app_1');
  const own = setting.redis.duplicate({ keyPrefix: 'api:', replyMapping: 'resp3', lazyConnect: true });
  const { guard } = await setting.startGuard({ redis: own });
  expect(guard.check('app_1').allowed).toBe(false);
});

test('ioredis options say where Redis is, too', async () => {
  await setting.suspend('app_1');
  const { hostname, port } = new URL(setting.redisProcess.url);
  const { guard } = await setting.startGuard({ redis: { host: hostname, port: Number(port) } });
  expect(guard.check('app_1').allowed).toBe(false);
});

test('guards of another store do not see the suspension', async () => {
  await setting.suspend('app_1');
  const { guard } = await setting.startGuard({ store: 'staging' });
  expect(guard.check('app_1').allowed).toBe(true);
});

test('a listener of events that throws harms nothing', async () => {
  const warnings = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    await setting.suspend('app_1');
    const { guard } = await setting.startGuard({
      onEvent: () => {
        throw new Error('listener');
      },
    });
    expect(guard.check('app_1').allowed).toBe(false);
    expect(warnings).toHaveBeenCalled();
  } finally {
    warnings.mockRestore();
  }
});

test.each([
  [{ store: 'a}b' }, 'the store\'s name is "a}b"'],
  [{ pollSeconds: 0 }, "the guard's pollSeconds is 0"],
  [{ fail: 'close' as 'closed' }, 'the guard\'s fail is "close". Set it to "open" or "closed"'],
  [{ flushSeconds: Number.NaN }, "the guard's flushSeconds is NaN"],
])('options of %j are refused when the guard is made', (options, message) => {
  expect(() => createGuard({ redis: setting.redisProcess.url, ...options })).toThrow(message);
});
