import { randomUUID } from 'node:crypto';
import type { RememberedSubject, SuspensionControl } from './control';
import { mostMemorySeconds } from './length';
import type { RedisClient } from './redis';
import type { StoreKeys } from './store-keys';

/** Subjects that one script puts back, to bound how long Redis does nothing else. */
const mostPerScript = 100;

/**
 * Fills a store that has lost what it held from `control`: episodes and suspensions, exemptions, the breaker. Until that
 * is done nothing is decided. Several may do it at once: what is there stays, and whoever ends first is the one. A new
 * epoch tells guards.
 */
export async function fillStore(
  redis: RedisClient,
  keys: StoreKeys,
  control: SuspensionControl,
  nowMs: number,
): Promise<void> {
  const [exemptions, breaker] = await Promise.all([control.exemptions(), control.breaker()]);
  let newestSeq = 0;
  for await (const page of control.subjects()) {
    newestSeq = page.reduce((newest, { seq }) => Math.max(newest, seq), newestSeq);
    for (let from = 0; from < page.length; from += mostPerScript) {
      if (!(await restore(redis, keys, page.slice(from, from + mostPerScript), nowMs))) return;
    }
  }
  await redis.spillwayFinishRestore(
    keys.ready,
    keys.epoch,
    keys.version,
    keys.breaker,
    keys.exemptions,
    keys.seq,
    randomUUID(),
    breaker?.openedAt ?? '',
    breaker?.suspensionsPerMinute ?? '',
    newestSeq,
    ...exemptions.flatMap(({ subject, until }) => [subject, until]),
  );
}

/** Answers false where another has filled the store meanwhile. */
async function restore(
  redis: RedisClient,
  keys: StoreKeys,
  subjects: readonly RememberedSubject[],
  nowMs: number,
): Promise<boolean> {
  const restoreKeys = [
    keys.active,
    keys.details,
    keys.ready,
    keys.exemptions,
    ...subjects.map(({ subject }) => keys.episodePrefix + subject),
  ];
  const restored = await redis.spillwayRestore(
    restoreKeys.length,
    ...restoreKeys,
    nowMs,
    ...subjects.flatMap(({ subject, episode, suspension }) => [
      subject,
      suspension?.until ?? 0,
      suspension === undefined ? '' : JSON.stringify(suspension),
      episode.windowEnd,
      episode.offences,
      episode.since,
      episode.counted ? 1 : 0,
      episode.notBefore,
      mostMemorySeconds,
    ]),
  );
  return restored === 1;
}
