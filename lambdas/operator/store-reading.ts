import type { HourFigures } from '../contracts/operator';
import { syntheticSubjectPrefix } from '../contracts/synthetic-subject';
import { parseRecord } from '../contracts/parse';
import { type Suspension, suspension } from '../contracts/suspension';
import type { EpisodeState } from '../contracts/suspension-event';
import type { RedisClient } from '../suspender/redis';
import type { StoreKeys } from '../suspender/store-keys';

const hourMs = 3_600_000;

/** What the operator function reads of the store. Every call throws when Redis cannot be used. */
export interface StoreReading {
  /** Suspensions in force, or those that would be, the one that ends first first. */
  suspensions(nowMs: number, simulated: boolean): Promise<Suspension[]>;
  suspension(subject: string, nowMs: number, simulated: boolean): Promise<Suspension | undefined>;
  episode(subject: string): Promise<EpisodeState | undefined>;
  /** Epoch milliseconds; undefined where the subject is not exempt at the moment. */
  exemptUntil(subject: string, nowMs: number): Promise<number | undefined>;
  breaker(nowMs: number): Promise<{ openedAt: number | undefined; recent: number }>;
  /** The figures of so many hours up to the running one, the oldest first. */
  figures(nowMs: number, hours: number): Promise<HourFigures[]>;
}

export function storeReading(redis: RedisClient, keys: StoreKeys): StoreReading {
  const detailsOf = (simulated: boolean): string => (simulated ? keys.simulated.details : keys.details);
  const begunIn = async (hour: number, began: string): Promise<number> => {
    const members = await redis.zrangebyscore(began, hour, hour);
    return members.filter((one) => !one.startsWith(`${String(hour)}:${syntheticSubjectPrefix}`)).length;
  };
  const figuresOf = async (hour: number): Promise<HourFigures> => {
    const [subjectsSuspended, subjectsSimulated, counts] = await Promise.all([
      begunIn(hour, keys.began),
      begunIn(hour, keys.simulated.began),
      redis.hvals(keys.refusedPrefix + String(hour)),
    ]);
    const requestsPrevented = counts.reduce((sum, count) => sum + Number(count), 0);
    return { hour, subjectsSuspended, subjectsSimulated, requestsPrevented };
  };
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
    figures(nowMs, hours) {
      const now = Math.floor(nowMs / hourMs);
      const all = Array.from({ length: hours }, (_, index) => now - hours + 1 + index);
      return Promise.all(all.map(figuresOf));
    },
  };
}

function readSuspension(text: string, nowMs: number): Suspension[] {
  const parsed = parseRecord(suspension, text);
  return parsed.ok && parsed.value.until > nowMs ? [parsed.value] : [];
}
