import { setTimeout as wait } from 'node:timers/promises';
import { leastSaltCharacters, privateText } from '../lambdas/contracts/private-text';
import { ActiveSet } from './active-set';
import { createReport, type OnGuardEvent, type Report } from './events';
import { Refusals } from './refusals';
import { type RedisLocation, redisStoreConnection } from './store-connection';
import { Sync, type SyncState } from './sync';
import { allowed, blind, type RequestScope, suspended, type Verdict } from './verdict';

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
  /** How often counts of refusals are added to the store. @default 10 */
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
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

export interface GuardState extends SyncState {
  /** Suspensions in force. */
  readonly size: number;
  /** Requests refused since the guard was made. */
  readonly refusals: number;
  /** Refusals that could not be counted by subject. */
  readonly refusalsDropped: number;
}

export interface Guard {
  /** Begins to follow the store. Resolves with the first read, or after `startSeconds` without it; never rejects. */
  start(): Promise<GuardState>;
  /** Resolves when the suspensions have been read for the first time; never rejects. */
  readonly ready: Promise<void>;
  /** May this subject's request pass? Answered from memory. Counts the refusal, if it is one. Never throws. */
  check(subject: string, request?: { readonly scope?: RequestScope }): Verdict;
  state(): GuardState;
  /** Writes the last counts and lets go of Redis. What is in force stays in force for `check`. Never rejects. */
  stop(): Promise<void>;
  /** For middleware: reports on the guard's own channel. */
  readonly report: Report;
}

/** A guard for an API. Throws a RangeError for options that cannot be meant; after that, nothing of it throws. */
export function createGuard(options: GuardOptions): Guard {
  const now = options.now ?? Date.now;
  const pollMs = milliseconds('pollSeconds', options.pollSeconds ?? 2);
  const flushMs = milliseconds('flushSeconds', options.flushSeconds ?? 10);
  const startMs = milliseconds('startSeconds', options.startSeconds ?? 5);
  const blindMs = milliseconds('blindAfterSeconds', options.blindAfterSeconds ?? 60);
  const failsClosed = isClosed(options.fail ?? 'open');
  const nameInStore = namesInStore(options.privacySalt);
  const report = createReport(options.onEvent, now);
  const store = redisStoreConnection(options.redis, options.store);
  const active = new ActiveSet();
  const sync = new Sync(store, active, report, now, pollMs);
  const refusals = new Refusals(store, report);
  const ready = sync.firstRead();
  let flushTimer: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | undefined;

  const state = (): GuardState => {
    active.sweep(now());
    return { ...sync.state, size: active.size, refusals: refusals.total, refusalsDropped: refusals.dropped };
  };
  const isBlind = (nowMs: number): boolean => {
    const { status, since } = sync.state;
    return !sync.everRead || (status !== 'current' && nowMs - since >= blindMs);
  };
  const stop = async (): Promise<void> => {
    clearInterval(flushTimer);
    await refusals.finish();
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
        flushTimer = setInterval(() => void refusals.flush(), flushMs);
        flushTimer.unref();
      }
      const enough = new AbortController();
      await Promise.race([ready, wait(startMs, undefined, { signal: enough.signal }).catch(() => undefined)]);
      enough.abort();
      return state();
    },
    check(asked, request) {
      const subject = nameInStore(asked);
      const suspension = active.get(subject);
      if (suspension === undefined && !failsClosed) return allowed;
      const nowMs = now();
      if (suspension !== undefined && suspension.until > nowMs) {
        if (suspension.scope === 'writes' && request?.scope === 'reads') return allowed;
        refusals.count(subject, nowMs);
        return suspended(suspension, nowMs);
      }
      return failsClosed && request?.scope !== 'reads' && isBlind(nowMs) ? blind(nowMs) : allowed;
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** How a subject is called in the store: by its hash where a salt is given. */
function namesInStore(salt: string | undefined): (subject: string) => string {
  if (salt === undefined) return (subject) => subject;
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
