import type { Redis } from 'ioredis';
import type { Suspension } from '../../../lambdas/contracts/suspension';
import { suspensionStoreNames } from '../../../lambdas/contracts/suspension-store';
import { aRequest } from '../../lambdas/suspender/requests';

const names = suspensionStoreNames();

/** The n-th subject, as a text that no other place holds: what an API reads from a request is new each time, too. */
export function subjectNumber(n: number, prefix = 'app_'): string {
  return Buffer.from(`${prefix}${String(n)}`).toString();
}

export function suspensionOf(subject: string): Suspension {
  const now = Date.now();
  const until = now + 3_600_000;
  return {
    version: 1,
    subject,
    since: now,
    until,
    offences: 1,
    scope: 'writes',
    reason: aRequest({ subject }).excess,
  };
}

/** Puts so many suspensions of an hour into the store, as a store that was rebuilt holds them. */
export async function fillStore(redis: Redis, count: number): Promise<void> {
  await redis.del(names.details);
  for (let from = 0; from < count; from += 5_000) {
    const fields: string[] = [];
    for (let n = from; n < Math.min(count, from + 5_000); n++) {
      const subject = subjectNumber(n);
      fields.push(subject, JSON.stringify(suspensionOf(subject)));
    }
    await redis.hset(names.details, ...fields);
  }
  await redis.multi().setnx(names.epoch, 'bench').incr(names.version).exec();
}

/** Lifts a suspension: one change, published as every change is. */
export async function lift(redis: Redis, subject: string): Promise<void> {
  await redis.eval(
    liftScript,
    4,
    names.active,
    names.details,
    names.version,
    names.epoch,
    subject,
    names.changes,
  );
}

const liftScript = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
local version = redis.call('INCR', KEYS[3])
redis.call('PUBLISH', ARGV[2], '{"version":' .. version .. ',"epoch":"' .. redis.call('GET', KEYS[4])
  .. '","lifted":"' .. ARGV[1] .. '"}')
`;
