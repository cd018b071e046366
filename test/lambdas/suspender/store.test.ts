import { Redis } from 'ioredis';
import { suspension } from '../../../lambdas/contracts/suspension';
import { suspensionStoreNames } from '../../../lambdas/contracts/suspension-store';
import { redisSuspensionStore, type SuspensionStore } from '../../../lambdas/suspender/store';
import { eventually } from '../../guard/eventually';
import { type RedisProcess, startRedisProcess } from '../../guard/redis-process';
import { aRequest } from './requests';

const names = suspensionStoreNames();
const startMs = 1_700_000_000_000;
const lengthMs = 120_000;
let redisProcess: RedisProcess;
let redis: Redis;
let store: SuspensionStore;

beforeAll(async () => {
  redisProcess = await startRedisProcess();
  redis = new Redis(redisProcess.url);
  store = redisSuspensionStore(redisProcess.url, 'spillway', { suspensionSeconds: 120 });
});

beforeEach(async () => {
  await redis.flushall();
});

afterAll(async () => {
  await store.close();
  redis.disconnect();
  await redisProcess.kill();
});

async function suspensionOf(subject: string): Promise<unknown> {
  const text = await redis.hget(names.details, subject);
  return text === null ? undefined : suspension.parse(JSON.parse(text));
}

test('the first excess of a subject suspends it', async () => {
  const request = aRequest();
  const decision = await store.suspend(request, startMs);
  expect(decision).toEqual({ kind: 'suspended', until: startMs + lengthMs, offences: 1, version: 1 });
  expect(await suspensionOf('app_1')).toEqual({
    version: 1,
    subject: 'app_1',
    since: startMs,
    until: startMs + lengthMs,
    offences: 1,
    scope: 'writes',
    reason: request.excess,
  });
  expect(await redis.zscore(names.active, 'app_1')).toBe(String(startMs + lengthMs));
});

test('excesses of two detections for one subject are one offence', async () => {
  const burst = { detection: 'burst', windowStart: 990, windowEnd: 1_000 };
  expect(await store.suspend(aRequest(burst), startMs)).toMatchObject({ kind: 'suspended', offences: 1 });
  const sameSecond = await store.suspend(aRequest({ windowEnd: 1_000 }), startMs + 10);
  expect(sameSecond).toMatchObject({ kind: 'outdated', offences: 1 });
  const later = await store.suspend(aRequest({ windowEnd: 1_030 }), startMs + 30_000);
  expect(later).toMatchObject({ kind: 'extended', offences: 1 });
});

test('the same request again changes nothing, even after the suspension has ended', async () => {
  await store.suspend(aRequest(), startMs);
  const before = await redis.hgetall(names.details);
  expect((await store.suspend(aRequest(), startMs + 5_000)).kind).toBe('repeated');
  expect((await store.suspend(aRequest(), startMs + lengthMs + 5_000)).kind).toBe('repeated');
  expect(await redis.hgetall(names.details)).toEqual(before);
  expect(await redis.get(names.version)).toBe('1');
});

test('a request that comes from both generations of a handover is one request', async () => {
  await store.suspend(aRequest({ generation: 1 }), startMs);
  expect((await store.suspend(aRequest({ generation: 2, units: 61_002 }), startMs)).kind).toBe('repeated');
});

test('a newer excess of a suspended subject moves its end and counts no offence', async () => {
  await store.suspend(aRequest(), startMs);
  const newer = aRequest({ windowEnd: 1_060, units: 70_000 });
  const decision = await store.suspend(newer, startMs + 60_000);
  expect(decision).toEqual({
    kind: 'extended',
    until: startMs + 60_000 + lengthMs,
    offences: 1,
    version: 2,
  });
  expect(await suspensionOf('app_1')).toMatchObject({ since: startMs, offences: 1, reason: newer.excess });
});

test('an older excess after a newer one changes nothing', async () => {
  await store.suspend(aRequest({ windowEnd: 1_060 }), startMs);
  const before = await redis.hgetall(names.details);
  const decision = await store.suspend(aRequest({ windowEnd: 1_000 }), startMs + 1_000);
  expect(decision).toEqual({ kind: 'outdated', until: startMs + lengthMs, offences: 1, version: 1 });
  expect(await redis.hgetall(names.details)).toEqual(before);
});

test('the heat of another key in the very same window changes nothing', async () => {
  await store.suspend(aRequest(), startMs);
  expect((await store.suspend(aRequest({ resource: 'orders' }), startMs + 900)).kind).toBe('outdated');
});

test('an old excess that comes after the suspension ended does not suspend again', async () => {
  await store.suspend(aRequest({ windowEnd: 1_060 }), startMs);
  const decision = await store.suspend(aRequest({ windowEnd: 1_000 }), startMs + lengthMs + 1);
  expect(decision.kind).toBe('outdated');
  expect(await redis.zcard(names.active)).toBe(0);
});

test('a clock that runs behind does not move an end back', async () => {
  await store.suspend(aRequest(), startMs);
  const decision = await store.suspend(aRequest({ windowEnd: 1_060 }), startMs - 1_000);
  expect(decision).toEqual({ kind: 'covered', until: startMs + lengthMs, offences: 1, version: 1 });
});

test('an excess after the end but within one window of the last belongs to the same offence', async () => {
  await store.suspend(aRequest(), startMs);
  const later = startMs + lengthMs + 1;
  const decision = await store.suspend(aRequest({ windowEnd: 1_120 }), later);
  expect(decision).toMatchObject({ kind: 'suspended', offences: 1, version: 2 });
  expect(await suspensionOf('app_1')).toMatchObject({ since: later, until: later + lengthMs });
});

test('an excess after the end and more than one window after the last is the second offence', async () => {
  await store.suspend(aRequest(), startMs);
  const decision = await store.suspend(aRequest({ windowEnd: 1_121 }), startMs + lengthMs + 1);
  expect(decision).toMatchObject({ kind: 'suspended', offences: 2 });
});

test('a suspension ends at its end, not after it', async () => {
  await store.suspend(aRequest(), startMs);
  expect((await store.suspend(aRequest({ windowEnd: 1_200 }), startMs + lengthMs)).offences).toBe(2);
});

test('an excess long after the last while still suspended is the same offence', async () => {
  const long = redisSuspensionStore(redisProcess.url, 'spillway', { suspensionSeconds: 3_600 });
  try {
    await long.suspend(aRequest(), startMs);
    const decision = await long.suspend(aRequest({ windowEnd: 1_500 }), startMs + 500_000);
    expect(decision).toMatchObject({ kind: 'extended', offences: 1 });
  } finally {
    await long.close();
  }
});

test('the heat of another key a second later is the same offence', async () => {
  await store.suspend(aRequest(), startMs);
  const decision = await store.suspend(aRequest({ resource: 'orders', windowEnd: 1_001 }), startMs + 900);
  expect(decision).toMatchObject({ kind: 'extended', offences: 1 });
});

test('what has ended leaves the active set with a later decision', async () => {
  await store.suspend(aRequest({ subject: 'gone' }), startMs);
  await store.suspend(aRequest({ subject: 'staying', windowEnd: 1_100 }), startMs + 100_000);
  await store.suspend(aRequest({ subject: 'new', windowEnd: 1_130 }), startMs + lengthMs);
  expect(await redis.zrange(names.active, '0', '-1')).toEqual(['staying', 'new']);
  expect((await redis.hkeys(names.details)).sort()).toEqual(['new', 'staying']);
});

test('a decision removes at most a hundred ended suspensions, the following one the rest', async () => {
  for (let index = 0; index < 150; index++) {
    await redis.zadd(names.active, startMs, `ended-${String(index)}`);
    await redis.hset(names.details, `ended-${String(index)}`, '{}');
  }
  await store.suspend(aRequest(), startMs + 1);
  expect(await redis.zcard(names.active)).toBe(51);
  await store.suspend(aRequest({ windowEnd: 1_001 }), startMs + 2);
  expect(await redis.zcard(names.active)).toBe(1);
  expect(await redis.hlen(names.details)).toBe(1);
});

test('each change is published once, with the version it made and the epoch that stays', async () => {
  const heard: string[] = [];
  const listener = new Redis(redisProcess.url);
  listener.on('message', (_channel: string, text: string) => heard.push(text));
  try {
    await listener.subscribe(names.changes);
    await store.suspend(aRequest(), startMs);
    await store.suspend(aRequest(), startMs + 1);
    await store.suspend(aRequest({ windowEnd: 900 }), startMs + 2);
    await store.suspend(aRequest({ windowEnd: 1_060 }), startMs + 3);
    await redis.publish(names.changes, 'the end');
    await eventually('the end of what was published', () => heard.includes('the end'));
  } finally {
    listener.disconnect();
  }
  const changes = heard.slice(0, -1).map((text): unknown => JSON.parse(text));
  const epoch = await redis.get(names.epoch);
  expect(changes).toMatchObject([
    { version: 1, epoch, suspension: { subject: 'app_1', until: startMs + lengthMs } },
    { version: 2, epoch, suspension: { subject: 'app_1', until: startMs + 3 + lengthMs } },
  ]);
});

test('a subject of quotes, braces and other scripts, and units beyond Lua’s digits, come through unharmed', async () => {
  const subject = '{a}"b"\\ü—漢\n';
  const request = aRequest({ subject, units: Number.MAX_SAFE_INTEGER });
  await store.suspend(request, startMs);
  expect(await suspensionOf(subject)).toMatchObject({ subject, reason: request.excess });
});

test('what is remembered of episodes and requests expires, the active set does not', async () => {
  const request = aRequest();
  await store.suspend(request, startMs);
  expect(await redis.ttl(`${names.episodePrefix}app_1`)).toBeGreaterThan(0);
  expect(await redis.ttl(names.requestPrefix + request.id)).toBeGreaterThan(0);
  expect(await redis.ttl(names.active)).toBe(-1);
});

test('two stores on one Redis do not see each other', async () => {
  const other = redisSuspensionStore(redisProcess.url, 'staging', { suspensionSeconds: 120 });
  try {
    await other.suspend(aRequest(), startMs);
    expect((await store.suspend(aRequest(), startMs)).kind).toBe('suspended');
    expect(await redis.get(suspensionStoreNames('staging').version)).toBe('1');
  } finally {
    await other.close();
  }
});

test('the same requests decided at the same time by several suspenders count as if by one', async () => {
  const stores = [1, 2, 3].map(() =>
    redisSuspensionStore(redisProcess.url, 'spillway', { suspensionSeconds: 120 }),
  );
  const steps = [0, 1, 2, 3, 4];
  try {
    const decide = (each: SuspensionStore): Promise<unknown>[] =>
      steps.map((step) => each.suspend(aRequest({ windowEnd: 1_000 + step * 30 }), startMs + step * 30_000));
    await Promise.all(stores.flatMap(decide));
  } finally {
    await Promise.all(stores.map((each) => each.close()));
  }
  // Each connection brings the requests in order, so that whichever comes first, the first seen are in order too.
  const until = startMs + 4 * 30_000 + lengthMs;
  expect(await suspensionOf('app_1')).toMatchObject({ offences: 1, since: startMs, until });
  expect(await redis.get(names.version)).toBe('5');
});

test('every key that a decision touches lies in one hash slot: the text in the first braces is the store', async () => {
  await store.suspend(aRequest({ subject: 'sub{ject}' }), startMs);
  const keys = await redis.keys('*');
  expect(keys.map((key) => key.replace('{spillway}:', '').replace(/:.*/, '')).sort()).toEqual([
    'active',
    'began',
    'details',
    'episode',
    'epoch',
    'outbox',
    'ready',
    'recent',
    'request',
    'seq',
    'version',
  ]);
  expect(new Set(keys.map((key) => /\{(.*?)\}/.exec(key)?.[1]))).toEqual(new Set(['spillway']));
});
