import fc from 'fast-check';
import { createGuard, type Guard, type GuardEvent } from '../../guard';
import { storeReading } from '../../lambdas/operator/store-reading';
import { newControlTable } from '../lambdas/suspender/control-tables';
import { type Setting, startSetting } from '../lambdas/suspender/setting';
import { eventually } from './eventually';
import { type RedisProcess, startRedisProcess } from './redis-process';
import { type SlowNetwork, startSlowNetwork } from './slow-network';
import { type StoreContent, SyncModel } from './sync-model';

const full = process.env['SPILLWAY_FULL'] === '1';
const subjects = ['a', 'b', 'sub{ject} "c"'];
const nowhere = 'redis://127.0.0.1:1';

let redisProcess: RedisProcess;
let network: SlowNetwork;
let table: string;

beforeAll(async () => {
  redisProcess = await startRedisProcess();
  network = await startSlowNetwork(redisProcess.url);
  table = await newControlTable();
});

afterAll(async () => {
  network.close();
  await redisProcess.kill();
});

/** A guard on a network that can be cut, beside the suspender and the operator function, which it does not cut off. */
interface Real {
  readonly setting: Setting;
  readonly guard: Guard;
  readonly events: GuardEvent[];
}

type Step = fc.AsyncCommand<SyncModel, Real>;

async function contentOf({ redis, keys, nowMs }: Setting): Promise<StoreContent> {
  const [epoch, version] = await redis.mget(keys.epoch, keys.version);
  const suspensions = await storeReading(redis, keys).suspensions(nowMs, false);
  const active = new Map(suspensions.map(({ subject, until }) => [subject, until]));
  return { epoch: epoch ?? '', version: Number(version ?? 0), active };
}

/** Tried again as people and queues do: after Redis was away the first connection may still be the old one. */
function patiently(what: string, call: () => Promise<unknown>): Promise<void> {
  return eventually(what, () =>
    call().then(
      () => true,
      () => false,
    ),
  );
}

/** After each step the guard refuses whom the model says; where it reaches the store, once it has followed. */
function step(name: string, run: (model: SyncModel, real: Real) => Promise<void>): Step {
  return {
    check: () => true,
    toString: () => name,
    async run(model, real) {
      const { setting, guard, events } = real;
      await run(model, real);
      setting.nowMs = model.nowMs;
      if (model.connected) {
        const content = await contentOf(setting);
        await eventually(`the guard to follow after: ${name}`, () => {
          const { status, epoch, version } = guard.state();
          return status === 'current' && epoch === content.epoch && version === content.version;
        });
        model.follow(content);
      }
      expect(subjects.filter((subject) => !guard.check(subject).allowed)).toEqual(model.refused());
      expect(events.filter(({ kind }) => kind === 'reset')).toHaveLength(model.resets);
      expect(guard.state().status).toBe(model.connected ? 'current' : 'stale');
    },
  };
}

const aSubject = fc.constantFrom(...subjects);
const seconds = fc.integer({ min: 1, max: 300 });

const steps = [
  aSubject.map((subject) =>
    step(`excess of ${subject}`, (_, { setting }) =>
      patiently('the decision', () => setting.excess({ subject })),
    ),
  ),
  fc
    .tuple(aSubject, seconds)
    .map(([subject, length]) =>
      step(`add ${subject} for ${String(length)} s`, (_, { setting }) =>
        patiently('the suspension', () => setting.ask('add', { subject, seconds: length, scope: 'writes' })),
      ),
    ),
  aSubject.map((subject) =>
    step(`lift ${subject}`, (_, { setting }) =>
      patiently('the lift', () => setting.ask('lift', { subject })),
    ),
  ),
  fc
    .tuple(aSubject, seconds)
    .map(([subject, length]) =>
      step(`exempt ${subject} for ${String(length)} s`, (_, { setting }) =>
        patiently('the exemption', () => setting.ask('exempt', { subject, seconds: length })),
      ),
    ),
  seconds.map((length) =>
    step(`${String(length)} s pass`, (model) => {
      model.nowMs += length * 1_000;
      return Promise.resolve();
    }),
  ),
  fc.constant(
    step('the store is flushed', async (_, { setting: { redis, name } }) => {
      await patiently('the flush', async () => {
        const keys = await redis.keys(`{${name}}:*`);
        if (keys.length > 0) await redis.del(...keys);
      });
    }),
  ),
  fc.constant(
    step('Redis is killed and comes back empty', async (model, { guard }) => {
      await redisProcess.kill();
      if (model.connected) await eventually('the guard to notice', () => guard.state().status === 'stale');
      await redisProcess.restart();
    }),
  ),
  fc.tuple(aSubject, aSubject).map(([lost, pushed]) =>
    step(`the push of the end of ${lost} is lost, that of ${pushed} comes`, async (_, { setting }) => {
      const { redis, keys } = setting;
      await patiently('the change that is not pushed', () =>
        redis.multi().hdel(keys.details, lost).zrem(keys.active, lost).incr(keys.version).exec(),
      );
      await patiently('the change that is', () =>
        setting.ask('add', { subject: pushed, seconds: 60, scope: 'writes' }),
      );
    }),
  ),
  fc.constant(
    step('the connection for pushes breaks', async (_, { setting }) => {
      await patiently('the break', () => setting.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    }),
  ),
  fc.constant(
    step('the guard is cut off', async (model, { guard }) => {
      network.leadTo(nowhere);
      model.connected = false;
      await eventually('the guard to notice', () => guard.state().status === 'stale');
    }),
  ),
  fc.constant(
    step('the guard is back', (model) => {
      network.leadTo(redisProcess.url);
      model.connected = true;
      return Promise.resolve();
    }),
  ),
];

test('whatever happens to the store and on the way to it, the guard refuses whom it should', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 30, size: 'max' }), async (commands) => {
      network.leadTo(redisProcess.url);
      const setting = await startSetting(redisProcess, table);
      const events: GuardEvent[] = [];
      const model = new SyncModel();
      const guard = createGuard({
        redis: network.url,
        store: setting.name,
        pollSeconds: 0.05,
        now: () => model.nowMs,
        onEvent: (event) => events.push(event),
      });
      try {
        await guard.start();
        await fc.asyncModelRun(() => ({ model, real: { setting, guard, events } }), commands);
      } finally {
        await guard.stop();
        await setting.end();
      }
    }),
    { numRuns: full ? 100 : 8, seed: full ? Date.now() : 3, endOnFailure: !full },
  );
});
