import type { Policy, PolicyTerms } from '../contracts/policy';
import type { SuspensionRequest } from '../contracts/suspension-request';
import { noControl, type SuspensionControl } from './control';
import { fixedLengthPolicy } from './default-policy';
import { leastMemorySeconds, mostMemorySeconds, requestMemorySeconds, type SuspensionTimes } from './length';
import { lengthsMs, termsFor } from './policy';
import { redisClient, type RedisClient, type RedisPlace } from './redis';
import { fillStore } from './fill-store';
import { type StoreKeys, storeKeys, subjectKeys } from './store-keys';

/**
 * What was decided on a request.
 *
 * - `suspended`: the subject was free and is suspended now.
 * - `extended`: it was suspended and its end moved on.
 * - `covered`: it was suspended, and already for longer.
 * - `outdated`: a decision rests on the same or newer heat; this one changes nothing.
 * - `repeated`: this request was decided before; nothing is done again.
 * - `exempt`: the subject is exempt.
 * - `before-lift`: the window begins before the subject was lifted, or before its exemption ended.
 * - `held`: the breaker is open, or opened with this request.
 * - `off`: the policy wants nothing done for such an excess.
 */
export const decisionKinds = [
  'suspended',
  'extended',
  'covered',
  'outdated',
  'repeated',
  'exempt',
  'before-lift',
  'held',
  'off',
] as const;
export type DecisionKind = (typeof decisionKinds)[number];

export interface Decision {
  readonly kind: DecisionKind;
  /** Decided and recorded where no guard can see it. */
  readonly simulated?: true;
  /** Epoch milliseconds; 0 when the subject is not suspended. */
  readonly until: number;
  /** Episodes that count, this one included. */
  readonly offences: number;
  /** The store's version after the decision. */
  readonly version: number;
}

/** Where decisions are made: one call is one decision, whole or not at all. Throws when Redis cannot be used. */
export interface SuspensionStore {
  suspend(request: SuspensionRequest, nowMs: number): Promise<Decision>;
  close(): Promise<void>;
}

/** At most so many ended suspensions are removed with one decision, to bound what one script does. */
const mostRemovedPerDecision = 100;

/** A store of one fixed length, without anything durable, as guards are tested with. */
export function redisSuspensionStore(url: string, store: string, times: SuspensionTimes): SuspensionStore {
  const client = redisClient({ url }, 'spillway-suspender');
  const fixed = fixedLengthPolicy(times.suspensionSeconds);
  const withoutBreaker = { ...fixed, breaker: { suspensionsPerMinute: 0 } };
  return suspensionStore(client, store, () => Promise.resolve(withoutBreaker), noControl());
}

/** The store at a Redis, wherever it is. */
export function suspensionStoreAt(
  place: RedisPlace,
  store: string,
  policyNow: (nowMs: number) => Promise<Policy>,
  control: SuspensionControl,
): SuspensionStore {
  return suspensionStore(redisClient(place, 'spillway-suspender'), store, policyNow, control);
}

/** Decisions by the policy of the moment. A store that has lost what it held is filled from `control` first. */
export function suspensionStore(
  redis: RedisClient,
  store: string,
  policyNow: (nowMs: number) => Promise<Policy>,
  control: SuspensionControl,
): SuspensionStore {
  const keys = storeKeys(store);
  return {
    async suspend(request, nowMs) {
      const policy = await policyNow(nowMs);
      const terms = termsFor(policy, request.excess);
      if (terms.mode === 'off') return { kind: 'off', until: 0, offences: 0, version: 0 };
      const ask = (): Promise<unknown> =>
        askForSuspension(redis, keys, request, terms, policy.breaker.suspensionsPerMinute, nowMs);
      let answer = await ask();
      if (isUnready(answer)) {
        await fillStore(redis, keys, control, nowMs);
        answer = await ask();
      }
      const decision = readDecision(answer);
      return terms.mode === 'simulate' ? { ...decision, simulated: true } : decision;
    },
    close() {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

function askForSuspension(
  redis: RedisClient,
  keys: StoreKeys,
  { id, excess }: SuspensionRequest,
  terms: PolicyTerms,
  suspensionsPerMinute: number,
  nowMs: number,
): Promise<unknown> {
  const simulated = terms.mode === 'simulate';
  return redis.spillwaySuspend(
    ...subjectKeys(keys, excess.subject, id, simulated),
    excess.subject,
    JSON.stringify(excess.subject),
    JSON.stringify(excess),
    terms.scope,
    nowMs,
    id,
    simulated ? '' : keys.changes,
    excess.windowStart,
    excess.windowEnd,
    requestMemorySeconds,
    mostRemovedPerDecision,
    suspensionsPerMinute,
    terms.decaySeconds,
    leastMemorySeconds(excess, terms.ceilingSeconds),
    mostMemorySeconds,
    ...lengthsMs(terms, id),
  );
}

function isUnready(answer: unknown): boolean {
  return Array.isArray(answer) && answer[0] === 'unready';
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
