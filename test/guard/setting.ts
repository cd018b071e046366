import { Redis } from 'ioredis';
import { createGuard, type Guard, type GuardEvent, type GuardOptions } from '../../guard';
import { redisSuspensionStore, type SuspensionStore } from '../../lambdas/suspender/store';
import { aRequest } from '../lambdas/suspender/requests';
import { eventually } from './eventually';
import { type RedisProcess, startRedisProcess } from './redis-process';

/** One Redis with a suspender's store and any number of guards, all let go together. */
export interface Setting {
  readonly redisProcess: RedisProcess;
  readonly redis: Redis;
  readonly store: SuspensionStore;
  /** The guards started so far. */
  readonly guards: readonly Guard[];
  /** A started guard whose events are kept in `events`. */
  startGuard(options?: Partial<GuardOptions>): Promise<{ guard: Guard; events: GuardEvent[] }>;
  /** Suspends a subject as the suspender does, from the given moment for two minutes. */
  suspend(subject: string, nowMs?: number, windowEnd?: number): Promise<void>;
  end(): Promise<void>;
}

export async function startSetting(): Promise<Setting> {
  const redisProcess = await startRedisProcess();
  const redis = new Redis(redisProcess.url, { retryStrategy: () => 20, disconnectTimeout: 200 });
  redis.on('error', () => undefined);
  const store = redisSuspensionStore(redisProcess.url, 'spillway', { suspensionSeconds: 120 });
  const guards: Guard[] = [];
  return {
    redisProcess,
    redis,
    store,
    guards,
    async startGuard(options = {}) {
      const events: GuardEvent[] = [];
      const guard = createGuard({
        redis: redisProcess.url,
        onEvent: (event) => events.push(event),
        ...options,
      });
      guards.push(guard);
      await guard.start();
      return { guard, events };
    },
    async suspend(subject, nowMs = Date.now(), windowEnd = Math.floor(nowMs / 1000)) {
      await store.suspend(aRequest({ subject, windowEnd }), nowMs);
    },
    async end() {
      await Promise.all(guards.map((guard) => guard.stop()));
      await store.close();
      redis.disconnect();
      await redisProcess.kill();
    },
  };
}

/** Waits until the guard's answer for a subject is the given one. */
export function untilAllowed(guard: Guard, subject: string, isAllowed: boolean): Promise<void> {
  const what = `${subject} to be ${isAllowed ? 'let through' : 'refused'}`;
  return eventually(what, () => guard.check(subject).allowed === isAllowed);
}
