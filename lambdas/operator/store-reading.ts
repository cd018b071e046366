import type { HourFigures } from '../contracts/operator';
import { parseRecord } from '../contracts/parse';
import { type Suspension, suspension } from '../contracts/suspension';
import type { EpisodeState } from '../contracts/suspension-event';
import type { RedisClient } from '../suspender/redis';
import type { StoreKeys } from '../suspender/store-keys';

export const hourMs = 3_600_000;

/** What the operator function reads of the store. Every call throws when Redis cannot be used. */
export interface StoreReading {
  /** Suspensions in force, or those that would be, the one that ends first first. */
  suspensions(nowMs: number, simulated: boolean): Promise<Suspension[]>;
  suspension(subject: string, nowMs: number, simulated: boolean): Promise<Suspension | undefined>;
  episode(subject: string): Promise<EpisodeState | undefined>;
  /** Epoch milliseconds; undefined where the subject is not exempt at the moment. */
  exemptUntil(subject: string, nowMs: number): Promise<number | undefined>;
  breaker(nowMs: number): Promise<{ openedAt: number | undefined; recent: number }>;
  /** Subjects whose suspension began in an hour, and requests that guards refused in it. */
  figures(hour: number): Promise<Pick<HourFigures, 'subjectsSuspended' | 'requestsPrevented'>>;
}

export function storeReading(redis: RedisClient, keys: StoreKeys): StoreReading {
  const detailsOf = (simulated: boolean): string => (simulated ? keys.simulated.details : keys.details);
  return {
    async suspensions(nowMs, simulated) {
      const texts = await redis.hvals(detailsOf(simulated));
      return texts
        .flatMap((text) => readSuspension(text, nowMs))
        .sort((one, other) => one.until - other.until || (one.subject < other.subject ? -1 : 1));
    },
    async suspension(subject, nowMs, simulated) {
      const text = await redis.hget(detailsOf(simulated), subject);
      return text === null ? undefined : readSuspension(text, nowMs)[0];
    },
    async episode(subject) {
      const known = await redis.hgetall(keys.episodePrefix + subject);
      if (Object.keys(known).length === 0) return undefined;
      const number = (field: string): number => Number(known[field] ?? 0);
      return {
        windowEnd: number('windowEnd'),
        offences: number('offences'),
        since: number('since'),
        counted: known['counted'] === '1',
        notBefore: number('notBefore'),
      };
    },
    async exemptUntil(subject, nowMs) {
      const until = Number((await redis.hget(keys.exemptions, subject)) ?? 0);
      return until > nowMs ? until : undefined;
    },
    async breaker(nowMs) {
      const [openedAt, recent] = await Promise.all([
        redis.hget(keys.breaker, 'openedAt'),
        redis.zcount(keys.recent, `(${String(nowMs - 60_000)}`, '+inf'),
      ]);
      return { openedAt: openedAt === null ? undefined : Number(openedAt), recent };
    },
    async figures(hour) {
      const [counts, subjectsSuspended] = await Promise.all([
        redis.hvals(keys.refusedPrefix + String(hour)),
        redis.zcount(keys.began, hour, hour),
      ]);
      const requestsPrevented = counts.reduce((sum, count) => sum + Number(count), 0);
      return { subjectsSuspended, requestsPrevented };
    },
  };
}

function readSuspension(text: string, nowMs: number): Suspension[] {
  const parsed = parseRecord(suspension, text);
  return parsed.ok && parsed.value.until > nowMs ? [parsed.value] : [];
}
