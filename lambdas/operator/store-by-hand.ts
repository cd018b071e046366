import type { HourFigures } from '../contracts/operator';
import type { SuspensionScope } from '../contracts/suspension';
import type { AskedBy } from '../contracts/suspension-event';
import type { SuspensionControl } from '../suspender/control';
import { fillStore } from '../suspender/fill-store';
import { mostMemorySeconds, requestMemorySeconds } from '../suspender/length';
import type { RedisClient } from '../suspender/redis';
import { type StoreKeys, subjectKeys } from '../suspender/store-keys';
import { byHandReason } from './by-hand-reason';

/** What a person asks for: who, and the id under which it is done once. */
export interface Asked {
  readonly id: string;
  readonly by: AskedBy;
  readonly nowMs: number;
}

/** What people change in the store, each in one step. Answers with the script's word; throws when Redis cannot be used. */
export interface StoreByHand {
  add(asked: Asked, subject: string, untilMs: number, scope: SuspensionScope): Promise<string>;
  lift(asked: Asked, subject: string): Promise<string>;
  exempt(asked: Asked, subject: string, untilMs: number): Promise<string>;
  unexempt(asked: Asked, subject: string): Promise<string>;
  resetBreaker(asked: Asked): Promise<string>;
  recordPolicy(asked: Asked): Promise<string>;
  /** Removes what has ended; answers how many suspensions. */
  sweep(nowMs: number): Promise<number>;
  /** Answers how much of an hour's figures was in no metric yet, and takes it as being in one. */
  meter(figures: HourFigures): Promise<HourFigures>;
}

const mostRemovedPerSweep = 1_000;
const dayMs = 24 * 3600 * 1000;
const meteredSeconds = 3 * 24 * 3600;
/** No subject has this name in requests about none. */
const noSubject = '-';

export function storeByHand(redis: RedisClient, keys: StoreKeys, control: SuspensionControl): StoreByHand {
  /** Does it, after filling a store that has lost what it held. */
  async function performed(asked: Asked, perform: () => Promise<unknown>): Promise<string> {
    let word = await perform();
    if (word === 'unready') {
      await fillStore(redis, keys, control, asked.nowMs);
      word = await perform();
    }
    if (typeof word === 'string' && word !== 'unready') return word;
    throw new Error(`the script in Redis answered ${JSON.stringify(word)}`);
  }
  const common = ({ id, by, nowMs }: Asked, subject: string): (string | number)[] => [
    ...subjectKeys(keys, subject, `by-hand:${id}`),
    subject,
    JSON.stringify(subject),
    nowMs,
    id,
    keys.changes,
    JSON.stringify(by),
    requestMemorySeconds,
    mostMemorySeconds,
  ];
  return {
    add: (asked, subject, untilMs, scope) =>
      performed(asked, () =>
        redis.spillwayAdd(
          ...common(asked, subject),
          untilMs,
          scope,
          JSON.stringify(byHandReason(subject, asked.nowMs)),
        ),
      ),
    lift: (asked, subject) => performed(asked, () => redis.spillwayLift(...common(asked, subject))),
    exempt: (asked, subject, untilMs) =>
      performed(asked, () => redis.spillwayExempt(...common(asked, subject), untilMs)),
    unexempt: (asked, subject) => performed(asked, () => redis.spillwayUnexempt(...common(asked, subject))),
    resetBreaker: (asked) => performed(asked, () => redis.spillwayResetBreaker(...common(asked, noSubject))),
    recordPolicy: (asked) => performed(asked, () => redis.spillwayRecordPolicy(...common(asked, noSubject))),
    async sweep(nowMs) {
      if ((await redis.exists(keys.ready)) === 0) await fillStore(redis, keys, control, nowMs);
      let ended = 0;
      for (const simulated of [true, false]) {
        ended = Number(
          await redis.spillwaySweep(
            ...subjectKeys(keys, noSubject, noSubject, simulated),
            nowMs,
            mostRemovedPerSweep,
            simulated ? 'simulated' : '',
            nowMs - 2 * dayMs,
          ),
        );
      }
      return ended;
    },
    async meter(figures) {
      const names = ['subjectsSuspended', 'subjectsSimulated', 'requestsPrevented'] as const;
      const news = await redis.spillwayMeter(
        keys.meteredPrefix + String(figures.hour),
        meteredSeconds,
        ...names.flatMap((name) => [name, figures[name]]),
      );
      const counts = Array.isArray(news) ? news.map(Number) : [];
      const [subjectsSuspended = 0, subjectsSimulated = 0, requestsPrevented = 0] = counts;
      return { hour: figures.hour, subjectsSuspended, subjectsSimulated, requestsPrevented };
    },
  };
}
