import { setTimeout as wait } from 'node:timers/promises';
import { leastSaltCharacters, privateText } from '../lambdas/contracts/private-text';
import { ActiveSet } from './active-set';
import { Clock } from './clock';
import { createReport, type OnGuardEvent, type Report } from './events';
import { type GuardMetrics, metricsBetween } from './metrics';
import { Refusals } from './refusals';
import { type RedisLocation, redisStoreConnection } from './store-connection';
import { Sync, type SyncState } from './sync';
import { allowed, blind, type RequestKind, suspended, type Verdict } from './verdict';

export interface GuardOptions {
  /** Where the suspensions are: a URL, ioredis options, or an ioredis client, which is copied and not touched. */
  readonly redis: RedisLocation;
  /** The store's name, which the suspender has too. @default 'spillway' */
  readonly store?: string;
  /**
   * What happens to requests that write when the guard has never read the suspensions, or has not heard from Redis
   * for `blindAfterSeconds`: `open` lets them through unless a known suspension is in force, `closed` refuses them.
   * @default 'open'
   */
  readonly fail?: 'open' | 'closed';
  /** @default 60 */
  readonly blindAfterSeconds?: number;
  /** How often the guard looks for changes that were not pushed. @default 2 */
  readonly pollSeconds?: number;
  /** How often counts of refusals are added to the store, and metrics given to `onMetrics`. @default 10 */
  readonly flushSeconds?: number;
  /** How long `start` waits for the first read before it lets the API begin. @default 5 */
  readonly startSeconds?: number;
  /**
   * The salt of tables with `privacy: hash` or `hash-subjects`, the estimator's SPILLWAY_PRIVACY_SALT: subjects are then
   * suspended under their hashes, and `check` hashes what it is asked for.
   * @default subjects are suspended under their names
   */
  readonly privacySalt?: string;
  /** Is told what happens to the guard. By default events are printed as warnings. */
  readonly onEvent?: OnGuardEvent;
  /** Is given the guard's metrics every `flushSeconds`, and a last time when it stops. */
  readonly onMetrics?: (metrics: GuardMetrics) => void;
  /**
   * The clock, in epoch milliseconds. One that is given is taken as right.
   * @default Date.now, corrected when it is more than a second from Redis's clock
   */
  readonly now?: () => number;
}

export interface GuardState extends SyncState {
  /** Suspensions in force. */
  readonly size: number;
  /** Requests refused since the guard was made. */
  readonly refusals: number;
  /** Refusals that could not be counted by subject. */
  readonly refusalsDropped: number;
  /** Requests refused because the guard fails closed and did not know. */
  readonly blindRefusals: number;
  /** How far this machine's clock is ahead of Redis's; undefined when that is not known or `now` was given. */
  readonly clockSkewMs: number | undefined;
}

export interface Guard {
  /** Begins to follow the store. Resolves with the first read, or after `startSeconds` without it; never rejects. */
  start(): Promise<GuardState>;
  /** Resolves when the suspensions have been read for the first time; never rejects. */
  readonly ready: Promise<void>;
  /** May this subject's request pass? Answered from memory. Counts the refusal, if it is one. Never throws. */
  check(subject: string, request?: RequestKind): Verdict;
  state(): GuardState;
  /** Writes the last counts and lets go of Redis. What is in force stays in force for `check`. Never rejects. */
  stop(): Promise<void>;
  /** For middleware: reports on the guard's own channel. */
  readonly report: Report;
}

/** A guard for an API. Throws a RangeError for options that cannot be meant; after that, nothing of it throws. */
export function createGuard(options: GuardOptions): Guard {
  const pollMs = milliseconds('pollSeconds', options.pollSeconds ?? 2);
  const flushMs = milliseconds('flushSeconds', options.flushSeconds ?? 10);
  const startMs = milliseconds('startSeconds', options.startSeconds ?? 5);
  const blindMs = milliseconds('blindAfterSeconds', options.blindAfterSeconds ?? 60);
  const failsClosed = isClosed(options.fail ?? 'open');
  const nameInStore = namesInStore(options.privacySalt);
  const report = createReport(options.onEvent, options.now ?? Date.now);
  const store = redisStoreConnection(options.redis, options.store);
  const clock = new Clock(options.now, report);
  const active = new ActiveSet();
  const sync = new Sync(store, active, report, clock, pollMs);
  const refusals = new Refusals(store, active, report);
  const ready = sync.firstRead();
  let blindRefusals = 0;
  let told: GuardState | undefined;
  let flushTimer: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | undefined;

  const state = (): GuardState => {
    active.sweep(clock.now());
    const { total, dropped } = refusals;
    const clockSkewMs = clock.skewMs;
    return {
      ...sync.state,
      size: active.size,
      refusals: total,
      refusalsDropped: dropped,
      blindRefusals,
      clockSkewMs,
    };
  };
  const tellMetrics = (): void => {
    if (options.onMetrics === undefined) return;
    const current = state();
    try {
      options.onMetrics(metricsBetween(told, current, clock.now()));
    } catch (cause) {
      report('metrics-failed', `The function that is given the guard's metrics threw: ${String(cause)}`);
    }
    told = current;
  };
  const checkBlind = (request: RequestKind | undefined): Verdict => {
    const nowMs = clock.now();
    const { status, since } = sync.state;
    const isBlind = !sync.everRead || (status !== 'current' && nowMs - since >= blindMs);
    if (!isBlind || request?.scope === 'reads') return allowed;
    blindRefusals++;
    return blind(nowMs);
  };
  const stop = async (): Promise<void> => {
    clearInterval(flushTimer);
    await refusals.finish();
    tellMetrics();
    sync.close();
  };

  return {
    ready,
    report,
    state,
    async start() {
      if (stopped !== undefined) return state();
      if (flushTimer === undefined) {
        sync.open();
        flushTimer = setInterval(() => {
          void refusals.flush();
          tellMetrics();
        }, flushMs);
        flushTimer.unref();
      }
      const enough = new AbortController();
      await Promise.race([ready, wait(startMs, undefined, { signal: enough.signal }).catch(() => undefined)]);
      enough.abort();
      return state();
    },
    check(asked, request) {
      const slot = active.slotOf(nameInStore === undefined ? asked : nameInStore(asked));
      if (slot !== undefined) {
        const nowMs = clock.recent();
        const suspension = active.refusing(slot, request, nowMs);
        if (suspension !== undefined) {
          refusals.count(slot, nowMs);
          return suspended(suspension, active.untilOf(slot), nowMs);
        }
      }
      return failsClosed ? checkBlind(request) : allowed;
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** How a subject is called in the store: by its hash where a salt is given, else by its own name. */
function namesInStore(salt: string | undefined): ((subject: string) => string) | undefined {
  if (salt === undefined) return undefined;
  if (salt.length >= leastSaltCharacters) return (subject) => privateText(salt, subject);
  throw new RangeError(
    `the guard's privacySalt has ${String(salt.length)} characters. Give it the estimator's SPILLWAY_PRIVACY_SALT, ` +
      `which has ${String(leastSaltCharacters)} or more.`,
  );
}

/** A slip such as `close` must not fail open without a word where no compiler looks at it. */
function isClosed(fail: string): boolean {
  if (fail === 'open' || fail === 'closed') return fail === 'closed';
  throw new RangeError(`the guard's fail is ${JSON.stringify(fail)}. Set it to "open" or "closed".`);
}

function milliseconds(option: string, seconds: number): number {
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= 86_400) return seconds * 1000;
  throw new RangeError(
    `the guard's ${option} is ${String(seconds)}. Set it to seconds from above 0 to 86400.`,
  );
}
