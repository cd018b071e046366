import type { Suspension, SuspensionScope } from './suspension';

/** What a request does: a suspension of scope `writes` leaves requests that only read alone. */
export type RequestScope = 'writes' | 'reads';

/** What a request is. A request that says nothing writes, on a route that nobody named. */
export interface RequestKind {
  readonly scope?: RequestScope;
  /** The route's name as suspensions of scope `route:NAME` have it, such as `POST /items`. */
  readonly route?: string | undefined;
}

export interface Allowed {
  readonly allowed: true;
}

/** A refusal because the subject is suspended. */
export interface Suspended {
  readonly allowed: false;
  readonly because: 'suspended';
  /** When the suspension ends, in epoch milliseconds. */
  readonly until: number;
  /** Whole seconds until then, rounded up, at least 1. */
  readonly retryAfterSeconds: number;
  readonly suspension: Suspension;
}

/** A refusal of a guard that was told to fail closed and has not heard from Redis for too long. */
export interface Blind {
  readonly allowed: false;
  readonly because: 'blind';
  readonly until: number;
  readonly retryAfterSeconds: number;
  readonly suspension: undefined;
}

export type Refused = Suspended | Blind;
export type Verdict = Allowed | Refused;

export const allowed: Allowed = Object.freeze({ allowed: true });

const blindRetrySeconds = 5;

/**
 * Whether a suspension of this scope refuses this request. Where the request's route is not named, a suspension of one
 * route refuses writes: it could be that route, and heat comes from writes.
 */
export function covers(scope: SuspensionScope, request: RequestKind | undefined): boolean {
  if (scope === 'everything') return true;
  if (scope === 'writes' || request?.route === undefined) return request?.scope !== 'reads';
  return scope === `route:${request.route}`;
}

export function suspended(suspension: Suspension, until: number, nowMs: number): Suspended {
  const retryAfterSeconds = Math.max(1, Math.ceil((until - nowMs) / 1000));
  return { allowed: false, because: 'suspended', until, retryAfterSeconds, suspension };
}

export function blind(nowMs: number): Blind {
  return {
    allowed: false,
    because: 'blind',
    until: nowMs + blindRetrySeconds * 1000,
    retryAfterSeconds: blindRetrySeconds,
    suspension: undefined,
  };
}
