import { suspensionStoreNames } from '../../lambdas/contracts/suspension-store';
import { eventually } from './eventually';
import { type Setting, startSetting, untilAllowed } from './setting';

const names = suspensionStoreNames();
const hour = 472_222;
const nowMs = hour * 3_600_000 + 1;
const hash = names.refusedPrefix + String(hour);
let setting: Setting;

beforeEach(async () => {
  setting = await startSetting();
});

afterEach(async () => {
  await setting.end();
});

/** Asks for a subject a number of times. */
function ask(check: (subject: string) => unknown, subject: string, times: number): void {
  for (let index = 0; index < times; index++) check(subject);
}

test('refusals are added to their hour by subject, now and then, and expire', async () => {
  await setting.suspend('a', nowMs);
  await setting.suspend('b', nowMs);
  const { guard } = await setting.startGuard({ flushSeconds: 0.05, now: () => nowMs });
  ask(guard.check, 'a', 3);
  ask(guard.check, 'b', 1);
  ask(guard.check, 'free', 5);
  await eventually('the first counts', async () => (await setting.redis.hget(hash, 'b')) === '1');
  ask(guard.check, 'a', 4);
  await eventually('the next counts', async () => (await setting.redis.hget(hash, 'a')) === '7');
  expect(await setting.redis.hgetall(hash)).toEqual({ a: '7', b: '1' });
  expect(await setting.redis.ttl(hash)).toBeGreaterThan(0);
  expect(guard.state().refusals).toBe(8);
});

test('the last refusals are written when the guard stops', async () => {
  await setting.suspend('a', nowMs);
  const { guard } = await setting.startGuard({ flushSeconds: 3_600, now: () => nowMs });
  ask(guard.check, 'a', 2);
  await guard.stop();
  expect(await setting.redis.hgetall(hash)).toEqual({ a: '2' });
});

test('refusals counted while earlier ones are being written are written when the guard stops', async () => {
  await setting.suspend('a', nowMs);
  const { guard } = await setting.startGuard({ flushSeconds: 0.05, now: () => nowMs });
  setting.redisProcess.pause();
  await eventually('thirty refusals over several flushes', () => {
    guard.check('a');
    return guard.state().refusals >= 30;
  });
  const stopped = guard.stop();
  setting.redisProcess.resume();
  await stopped;
  expect(await setting.redis.hgetall(hash)).toEqual({ a: '30' });
});

test('two guards add to the same count', async () => {
  await setting.suspend('a', nowMs);
  const options = { flushSeconds: 3_600, now: () => nowMs };
  const { guard: one } = await setting.startGuard(options);
  const { guard: other } = await setting.startGuard(options);
  ask(one.check, 'a', 2);
  ask(other.check, 'a', 3);
  await Promise.all([one.stop(), other.stop()]);
  expect(await setting.redis.hgetall(hash)).toEqual({ a: '5' });
});

test('refusals counted in two hours are added to each', async () => {
  let clock = nowMs + 3_599_000;
  await setting.suspend('a', clock);
  const { guard } = await setting.startGuard({ flushSeconds: 3_600, now: () => clock });
  ask(guard.check, 'a', 2);
  clock += 2_000;
  ask(guard.check, 'a', 1);
  await guard.stop();
  expect(await setting.redis.hget(hash, 'a')).toBe('2');
  expect(await setting.redis.hget(names.refusedPrefix + String(hour + 1), 'a')).toBe('1');
});

test('what cannot be written while Redis is gone is kept, reported once, and added when it is back', async () => {
  await setting.suspend('a', nowMs);
  const { guard, events } = await setting.startGuard({
    flushSeconds: 0.05,
    pollSeconds: 0.05,
    now: () => nowMs,
  });
  await setting.redisProcess.kill();
  ask(guard.check, 'a', 3);
  await eventually('it to be reported', () => events.some(({ kind }) => kind === 'refusals-kept'));
  ask(guard.check, 'a', 4);
  await setting.redisProcess.restart();
  await eventually('the counts', async () => (await setting.redis.hget(hash, 'a')) === '7');
  expect(events.filter(({ kind }) => kind === 'refusals-kept')).toHaveLength(1);
});

test('counts whose answer was lost are not added twice', async () => {
  await setting.suspend('a', nowMs);
  const { guard, events } = await setting.startGuard({ flushSeconds: 0.05, now: () => nowMs });
  // Redis takes the command while it hangs, and does it after the guard has given up waiting.
  setting.redisProcess.pause();
  ask(guard.check, 'a', 3);
  await eventually('the answer to be given up', () => events.some(({ kind }) => kind === 'refusals-kept'));
  setting.redisProcess.resume();
  await untilAllowed(guard, 'a', false);
  await guard.stop();
  const added = Number(await setting.redis.hget(hash, 'a'));
  expect(added).toBe(guard.state().refusals);
});
