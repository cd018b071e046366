import { Redis } from 'ioredis';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createGuard, type Guard } from '../../../guard';
import type { Suspension } from '../../../lambdas/contracts/suspension';
import { ratio } from '../bench';
import { fillStore, subjectNumber, suspensionOf } from './suspensions';

const looks = 200_000;

export interface CheckCost {
  readonly suspensions: number;
  /** Time of a check as a ratio to the time of a `Map.get` of the same subject in a map of the same size. */
  readonly absentRatio: number;
  readonly presentRatio: number;
  readonly mapGetNs: number;
  readonly checkAbsentNs: number;
  readonly checkPresentNs: number;
  readonly rateLimiterFlexibleNs: number;
  readonly redisGetNs: number;
}

/** What a check costs with so many suspensions in force, beside other ways, all in one process and minute. */
export async function costOfCheck(url: string, suspensions: number): Promise<CheckCost> {
  const redis = new Redis(url);
  await fillStore(redis, suspensions);
  const guard = createGuard({ redis: url, onEvent: () => undefined });
  await guard.start();
  if (guard.state().size !== suspensions)
    throw new Error(`the guard has ${String(guard.state().size)} entries`);
  const subjects = Array.from({ length: suspensions }, (_, n) => subjectNumber(n));
  const others = Array.from({ length: suspensions }, (_, n) => subjectNumber(n, 'free_'));
  // Its keys are read from JSON as the guard's are: equal to the subjects that are asked for, and not the same objects.
  const map = new Map(
    subjects.map((subject) => asRead(suspensionOf(subject))).map((one) => [one.subject, one]),
  );
  const present = ratio(checks(guard, subjects, false), gets(map, subjects, true));
  const absent = ratio(checks(guard, others, true), gets(map, others, false));
  const limiter = new RateLimiterMemory({ points: 1_000_000_000, duration: 3_600 });
  const cost: CheckCost = {
    suspensions,
    absentRatio: round(absent.ratio),
    presentRatio: round(present.ratio),
    mapGetNs: nanoseconds(gets(map, subjects, true)),
    checkAbsentNs: nanoseconds(checks(guard, others, true)),
    checkPresentNs: nanoseconds(checks(guard, subjects, false)),
    rateLimiterFlexibleNs: await each(subjects, 50_000, (subject) => limiter.consume(subject)),
    redisGetNs: await each(subjects, 3_000, (subject) => redis.get(`{spillway}:bench:${subject}`)),
  };
  await Promise.all(subjects.map((subject) => limiter.delete(subject)));
  await guard.stop();
  redis.disconnect();
  return cost;
}

function asRead(suspension: Suspension): Suspension {
  return JSON.parse(JSON.stringify(suspension)) as Suspension;
}

/** Fails when an answer is not the expected one, so that nothing is measured that does not happen. */
function checks(guard: Guard, subjects: readonly string[], isAllowed: boolean): () => number {
  return counted(subjects, (subject) => guard.check(subject).allowed === isAllowed);
}

function gets(map: ReadonlyMap<string, object>, subjects: readonly string[], isThere: boolean): () => number {
  return counted(subjects, (subject) => (map.get(subject) !== undefined) === isThere);
}

function counted(subjects: readonly string[], holds: (subject: string) => boolean): () => number {
  return () => {
    let count = 0;
    let at = 0;
    for (let i = 0; i < looks; i++) {
      if (holds(subjects[at] ?? '')) count++;
      at = at + 1 === subjects.length ? 0 : at + 1;
    }
    if (count !== looks) throw new Error(`${String(looks - count)} of ${String(looks)} answers were others`);
    return count;
  };
}

function nanoseconds(run: () => number): number {
  const times = Array.from({ length: 7 }, () => {
    const startedMs = performance.now();
    run();
    return performance.now() - startedMs;
  }).sort((a, b) => a - b);
  return round(((times[3] ?? NaN) * 1e6) / looks);
}

/** Nanoseconds of one after the other. */
async function each(
  subjects: readonly string[],
  times: number,
  ask: (subject: string) => Promise<unknown>,
): Promise<number> {
  const startedMs = performance.now();
  for (let i = 0; i < times; i++) await ask(subjects[i % subjects.length] ?? '');
  return round(((performance.now() - startedMs) * 1e6) / times);
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
