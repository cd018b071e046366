import type { SQSEvent } from 'aws-lambda';
import { Redis } from 'ioredis';
import { suspensionStoreNames } from '../../../lambdas/contracts/suspension-store';
import type { LogLine } from '../../../lambdas/delivery/log';
import { createHandler } from '../../../lambdas/suspender/handler';
import { type RedisProcess, startRedisProcess } from '../../guard/redis-process';
import { aMessage, aRequest as anyRequest } from './requests';

let redisProcess: RedisProcess;
let redis: Redis;

/** A request whose excess is new by the handler's clock. */
const aRequest = (differing: Parameters<typeof anyRequest>[0] = {}): ReturnType<typeof anyRequest> =>
  anyRequest({ windowEnd: Math.floor(Date.now() / 1000), ...differing });

beforeAll(async () => {
  redisProcess = await startRedisProcess();
  redis = new Redis(redisProcess.url);
});

beforeEach(async () => {
  await redis.flushall();
});

afterAll(async () => {
  redis.disconnect();
  await redisProcess.kill();
});

/** Hands one batch to a handler of its own, and answers with what it returned and logged. */
async function handleBatch(event: SQSEvent, url: string): Promise<{ failed: string[]; lines: LogLine[] }> {
  const lines: LogLine[] = [];
  const handle = createHandler(
    { SPILLWAY_REDIS_URL: url },
    (line) => lines.push(line),
    () => undefined,
  );
  try {
    const { batchItemFailures } = await handle(event);
    return { failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), lines };
  } finally {
    await handle.close();
  }
}

test('a batch of requests suspends their subjects and logs each decision', async () => {
  const a = aMessage(JSON.stringify(aRequest({ subject: 'a' })), 'm1');
  const b = aMessage(JSON.stringify(aRequest({ subject: 'b' })), 'm2');
  const { failed, lines } = await handleBatch(
    { Records: [a, b, { ...a, messageId: 'm3' }] },
    redisProcess.url,
  );
  expect(failed).toEqual([]);
  expect(lines.map(({ event, subject }) => [event, subject])).toEqual([
    ['suspended', 'a'],
    ['suspended', 'b'],
    ['repeated', 'a'],
  ]);
  expect(await redis.zcard(suspensionStoreNames().active)).toBe(2);
});

test('an excess older than its window and a suspension together suspends nobody, says so, and leaves the queue', async () => {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const old = aMessage(JSON.stringify(aRequest({ subject: 'old', windowEnd: nowSeconds - 250 })), 'm1');
  const late = aMessage(JSON.stringify(aRequest({ subject: 'late', windowEnd: nowSeconds - 200 })), 'm2');
  const { failed, lines } = await handleBatch({ Records: [old, late] }, redisProcess.url);
  expect(failed).toEqual([]);
  expect(lines.map(({ event, subject }) => [event, subject])).toEqual([
    ['old-heat', 'old'],
    ['suspended', 'late'],
  ]);
  expect(await redis.zrange(suspensionStoreNames().active, '0', '-1')).toEqual(['late']);
});

test.each([
  ['no JSON', '{"version":', 'not JSON'],
  ['another version', JSON.stringify({ ...aRequest(), version: 2 }), 'version'],
  [
    'an excess that is only to be told',
    JSON.stringify(aRequest({ action: 'notify' })),
    'excess.action: notify',
  ],
  ['no subject', JSON.stringify(aRequest({ subject: '' })), 'excess.subject: empty'],
  [
    'a window that ends before it starts',
    JSON.stringify(aRequest({ windowEnd: 1_000, windowStart: 2_000 })),
    'not after windowStart',
  ],
])(
  'a message with %s is left to the queue, says why, and the rest goes on',
  async (_situation, body, reason) => {
    const good = aMessage(JSON.stringify(aRequest()), 'good');
    const { failed, lines } = await handleBatch({ Records: [aMessage(body, 'bad'), good] }, redisProcess.url);
    expect(failed).toEqual(['bad']);
    expect(lines.map(({ event }) => event)).toEqual(['not-a-request', 'suspended']);
    expect(lines[0]?.message).toContain(reason);
  },
);

test('without Redis the whole batch is left to the queue, and once says why', async () => {
  const away = await startRedisProcess();
  await away.kill();
  const messages = ['m1', 'm2', 'm3'].map((id) => aMessage(JSON.stringify(aRequest({ subject: id })), id));
  const { failed, lines } = await handleBatch({ Records: messages }, away.url);
  expect(failed).toEqual(['m1', 'm2', 'm3']);
  expect(lines.map(({ event, requests }) => [event, requests])).toEqual([['store-failed', 3]]);
});

test('a request that Redis itself refuses fails alone', async () => {
  await redis.set(`${suspensionStoreNames().episodePrefix}broken`, 'a text where a hash should be');
  const broken = aMessage(JSON.stringify(aRequest({ subject: 'broken' })), 'm1');
  const good = aMessage(JSON.stringify(aRequest({ subject: 'good' })), 'm2');
  const { failed, lines } = await handleBatch({ Records: [broken, good] }, redisProcess.url);
  expect(failed).toEqual(['m1']);
  expect(lines.map(({ event }) => event)).toEqual(['store-failed', 'suspended']);
});

test.each([
  [{}, 'SPILLWAY_REDIS_URL is not set'],
  [{ SPILLWAY_REDIS_URL: 'cache:6379' }, 'SPILLWAY_REDIS_URL is no Redis address'],
  [
    { SPILLWAY_REDIS_URL: 'redis://h', SPILLWAY_SUSPENSION_SECONDS: '2m' },
    'SPILLWAY_SUSPENSION_SECONDS is "2m"',
  ],
  [{ SPILLWAY_REDIS_URL: 'redis://h', SPILLWAY_STORE: '{}' }, 'the store\'s name is "{}"'],
])('an environment of %j is refused with what to set', (environment, message) => {
  expect(() => createHandler(environment)).toThrow(message);
});
