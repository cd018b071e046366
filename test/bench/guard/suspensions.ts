import type { Redis } from 'ioredis';
import type { Suspension } from '../../../lambdas/contracts/suspension';
import { suspensionStoreNames } from '../../../lambdas/contracts/suspension-store';
import { aSuspension } from '../../guard/changes';

const names = suspensionStoreNames();

/** The n-th subject, as a text that no other place holds: what an API reads from a request is new each time, too. */
export function subjectNumber(n: number, prefix = 'app_'): string {
  return Buffer.from(`${prefix}${String(n)}`).toString();
}

export function suspensionOf(subject: string): Suspension {
  return aSuspension(subject, { until: Date.now() + 3_600_000 });
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
