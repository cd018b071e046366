import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import type { Policy } from '../../../lambdas/contracts/policy';
import { createHandler, type OperatorHandler } from '../../../lambdas/operator/handler';
import { storeReading } from '../../../lambdas/operator/store-reading';
import type { SuspensionControl } from '../../../lambdas/suspender/control';
import { controlTable } from '../../../lambdas/suspender/control-table';
import { defaultPolicy } from '../../../lambdas/suspender/default-policy';
import { redisClient, type RedisClient } from '../../../lambdas/suspender/redis';
import { suspensionStore, type SuspensionStore } from '../../../lambdas/suspender/store';
import { storeKeys } from '../../../lambdas/suspender/store-keys';
import { SuspensionModel } from '../../../lambdas/suspender/suspension-model';
import { type RedisProcess, startRedisProcess } from '../../guard/redis-process';
import { warmSystem } from '../../parts/warm-system';
import { newControlTable } from './control-tables';
import { redisServers } from './redis-servers';
import { aRequest } from './requests';

const full = process.env['SPILLWAY_FULL'] === '1';
const policy: Policy = {
  ...defaultPolicy,
  breaker: { suspensionsPerMinute: 3 },
  default: { ...defaultPolicy.default, ceilingSeconds: 600, decaySeconds: 900, jitter: 0.5 },
};

/** The real store beside the model: Redis, the control table, the suspender's scripts and the operator function. */
interface Real {
  readonly name: string;
  readonly store: SuspensionStore;
  readonly operator: OperatorHandler;
  readonly redis: RedisClient;
  readonly control: SuspensionControl;
}

type Step = fc.AsyncCommand<SuspensionModel, Real>;

async function ask(real: Real, action: object): Promise<{ outcome?: string; open?: boolean }> {
  return (await real.operator({ version: 1, who: 'local:test', ask: action })) as { outcome?: string };
}

/** One step, and after it: guards see what the model says, and the events are carried as the functions do. */
function step(name: string, run: (model: SuspensionModel, real: Real) => Promise<void>): Step {
  return {
    check: () => true,
    toString: () => name,
    async run(model, real) {
      await run(model, real);
      await ask(real, { action: 'sweep' });
      const keys = storeKeys(real.name);
      const active = await storeReading(real.redis, keys).suspensions(model.nowMs, false);
      expect(Object.fromEntries(active.map(({ subject, until }) => [subject, until]))).toEqual(
        model.active(),
      );
      expect((await ask(real, { action: 'breaker' })).open).toBe(model.breakerOpen);
    },
  };
}

const subjects = ['a', 'b', 'sub{ject} "c"', 'd', 'e'];
const aSubject = fc.constantFrom(...subjects);
const seconds = fc.integer({ min: 1, max: 400 });
const byHand = (action: string, asked: object): object => ({
  action,
  id: randomUUID(),
  reason: 'a test',
  ...asked,
});

const steps = [
  fc.tuple(aSubject, fc.integer({ min: -30, max: 5 })).map(([subject, age]) =>
    step(`excess of ${subject} at ${String(age)} s`, async (model, { store }) => {
      const windowEnd = Math.floor(model.nowMs / 1000) + age;
      const request = aRequest({ subject, windowEnd });
      model.requests.push(request);
      expect(await store.suspend(request, model.nowMs)).toMatchObject(model.suspend(request));
    }),
  ),
  fc.nat().map((which) =>
    step(`request ${String(which)} again`, async (model, { store }) => {
      const request = model.requests[which % Math.max(1, model.requests.length)];
      if (request === undefined) return;
      expect(await store.suspend(request, model.nowMs)).toMatchObject(model.suspend(request));
    }),
  ),
  fc.tuple(aSubject, seconds).map(([subject, length]) =>
    step(`add ${subject} for ${String(length)} s`, async (model, real) => {
      const answer = await ask(real, byHand('add', { subject, seconds: length, scope: 'writes' }));
      expect(answer.outcome).toBe(model.add(subject, length));
    }),
  ),
  aSubject.map((subject) =>
    step(`lift ${subject}`, async (model, real) => {
      const lift = byHand('lift', { subject });
      expect((await ask(real, lift)).outcome).toBe(model.lift(subject));
    }),
  ),
  fc.tuple(aSubject, seconds).map(([subject, length]) =>
    step(`exempt ${subject} for ${String(length)} s`, async (model, real) => {
      const answer = await ask(real, byHand('exempt', { subject, seconds: length }));
      expect(answer.outcome).toBe(model.exempt(subject, length));
    }),
  ),
  aSubject.map((subject) =>
    step(`end the exemption of ${subject}`, async (model, real) => {
      expect((await ask(real, byHand('unexempt', { subject }))).outcome).toBe(model.unexempt(subject));
    }),
  ),
  fc.constant(
    step('reset the breaker', async (model, real) => {
      expect((await ask(real, byHand('reset-breaker', {}))).outcome).toBe(model.resetBreaker());
    }),
  ),
  seconds.map((length) =>
    step(`${String(length)} s pass`, (model) => {
      model.nowMs += length * 1000;
      return Promise.resolve();
    }),
  ),
  fc.constant(
    step('Redis loses everything', async (model, { redis, name }) => {
      const keys = await redis.keys(`{${name}}:*`);
      if (keys.length > 0) await redis.del(...keys);
      model.loseStore();
    }),
  ),
];

describe.each(redisServers())('on %s', (_version, binary) => {
  let redisProcess: RedisProcess;
  let watching: Redis;
  let table: string;

  beforeAll(async () => {
    // One after the other: what has started can be ended, also where the next thing fails.
    redisProcess = await startRedisProcess({ binary });
    watching = new Redis(redisProcess.url);
    table = await newControlTable();
  });

  afterAll(async () => {
    watching.disconnect();
    await redisProcess.kill();
  });

  test('whatever happens in whatever order, the store does what the model says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 40, size: 'max' }), async (commands) => {
        const name = randomUUID();
        const model = new SuspensionModel(policy);
        const environment = {
          ...warmSystem().environment,
          SPILLWAY_REDIS_URL: redisProcess.url,
          SPILLWAY_STORE: name,
          SPILLWAY_CONTROL_TABLE: table,
        };
        const redis = redisClient({ url: redisProcess.url }, 'test');
        const control = controlTable(environment, table, name);
        const quiet = (): void => undefined;
        const operator = createHandler(environment, quiet, quiet, () => model.nowMs);
        const store = suspensionStore(redis, name, () => Promise.resolve(policy), control);
        try {
          await fc.asyncModelRun(
            () => ({ model, real: { name, store, operator, redis, control } }),
            commands,
          );
        } finally {
          await operator.close();
          await store.close();
          control.close();
        }
      }),
      { numRuns: full ? 200 : 12, seed: full ? Date.now() : 8, endOnFailure: !full },
    );
  });
});
