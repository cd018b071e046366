import { randomUUID } from 'node:crypto';
import { Redis, type Result } from 'ioredis';
import { suspensionStoreNames } from '../contracts/suspension-store';
import type { SuspensionRequest } from '../contracts/suspension-request';
import { episodeMemorySeconds, requestMemorySeconds, suspendUntilMs, type SuspensionTimes } from './length';
import { suspendScript } from './lua/suspend';

/**
 * What was decided on a request.
 *
 * - `suspended`: the subject was free and is suspended now.
 * - `extended`: it was suspended and its end moved on.
 * - `covered`: it was suspended, and already for longer.
 * - `outdated`: a decision rests on the same or newer heat; this one changes nothing.
 * - `repeated`: this request was decided before; nothing is done again.
 */
export const decisionKinds = ['suspended', 'extended', 'covered', 'outdated', 'repeated'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

export interface Decision {
  readonly kind: DecisionKind;
  /** Epoch milliseconds; 0 when the subject is not suspended. */
  readonly until: number;
  /** Episodes counted so far, this one included. */
  readonly offences: number;
  /** The store's version after the decision. */
  readonly version: number;
}

/** Where decisions are made: one call is one decision, whole or not at all. Throws when Redis cannot be used. */
export interface SuspensionStore {
  suspend(request: SuspensionRequest, nowMs: number): Promise<Decision>;
  close(): Promise<void>;
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    spillwaySuspend(...keysAndArguments: string[]): Result<unknown, Context>;
  }
}

/** At most so many ended suspensions are removed with one decision, to bound what one script does. */
const mostRemovedPerDecision = '100';

/**
 * The store at a Redis URL (`redis://` or `rediss://`). It connects with its first use and comes back by itself;
 * a command that gets no answer within two seconds fails, which is safe because requests are idempotent.
 */
export function redisSuspensionStore(url: string, store: string, times: SuspensionTimes): SuspensionStore {
  const names = suspensionStoreNames(store);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    disconnectTimeout: 500,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
    connectionName: 'spillway-suspender',
    scripts: { spillwaySuspend: { lua: suspendScript, numberOfKeys: 6 } },
  });
  // Each command reports its own failure; without a listener ioredis would print every attempt to connect.
  redis.on('error', () => undefined);
  return {
    async suspend({ id, excess }, nowMs) {
      const answer = await redis.spillwaySuspend(
        names.active,
        names.details,
        names.version,
        names.epoch,
        names.episodePrefix + excess.subject,
        names.requestPrefix + id,
        excess.subject,
        JSON.stringify(excess.subject),
        JSON.stringify(excess),
        'writes',
        String(nowMs),
        String(suspendUntilMs(nowMs, times)),
        String(excess.windowStart),
        String(excess.windowEnd),
        randomUUID(),
        names.changes,
        String(episodeMemorySeconds(excess, times)),
        String(requestMemorySeconds),
        mostRemovedPerDecision,
      );
      return readDecision(answer);
    },
    close() {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

function readDecision(answer: unknown): Decision {
  const [word, until, offences, version] = Array.isArray(answer) ? answer.map(String) : [];
  const kind = decisionKinds.find((known) => known === word);
  if (kind === undefined) {
    throw new Error(
      `the script in Redis answered ${JSON.stringify(answer)}, which is no decision: another version?`,
    );
  }
  return { kind, until: Number(until), offences: Number(offences), version: Number(version) };
}
