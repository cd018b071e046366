import type { SuspensionScope } from '../suspension';
import type { Refused } from '../verdict';

/** An answer to a refused request, for whatever server sends it. */
export interface Problem {
  readonly status: 429 | 503;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON: the members of RFC 9457 and, of ours, `subject`, `until` and `reason`. */
  readonly body: string;
}

/**
 * The answer to a refused request, as RFC 9457 has it: 429 with Retry-After for a suspension, 503 for a guard that
 * cannot know and fails closed. The reason names the rule and its figures, not tables or keys: it leaves the house.
 */
export function problemFor(refused: Refused): Problem {
  const body = refused.because === 'suspended' ? suspensionBody(refused) : blindBody(refused);
  return {
    status: refused.because === 'suspended' ? 429 : 503,
    headers: {
      'retry-after': String(refused.retryAfterSeconds),
      ...rateLimit(refused),
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    },
    body: JSON.stringify(body),
  };
}

/**
 * `RateLimit` of the IETF draft "RateLimit header fields for HTTP": nothing is left until then. Its companion
 * `RateLimit-Policy` must state a quota in a registered unit, and write units are none: requests would be a wrong one.
 */
function rateLimit(refused: Refused): Readonly<Record<string, string>> {
  if (refused.because !== 'suspended') return {};
  const { detection } = refused.suspension.reason;
  // A structured field's string holds printable ASCII only. The store's text was not validated here: it may hold none.
  if (typeof detection !== 'string' || !/^[A-Za-z0-9_.-]+$/.test(detection)) return {};
  return { ratelimit: `"${detection}";r=0;t=${String(refused.retryAfterSeconds)}` };
}

function suspensionBody(refused: Extract<Refused, { because: 'suspended' }>): object {
  const { suspension, retryAfterSeconds, until } = refused;
  const { detection, units, limit, windowStart, windowEnd } = suspension.reason;
  // A person who suspends somebody states no heat.
  const byHand = units === 0;
  const heat = `: it wrote ${String(units)} units within ${String(windowEnd - windowStart)} seconds, and the limit is ${String(limit)}`;
  return {
    type: 'urn:spillway:suspended',
    title: 'Suspended for writing too much',
    status: 429,
    detail:
      `${refusedBy(suspension.scope)} of ${suspension.subject} are refused for ${String(retryAfterSeconds)} more seconds` +
      `${byHand ? '' : heat}.`,
    subject: suspension.subject,
    until: new Date(until).toISOString(),
    reason: byHand ? { detection } : { detection, units, limit, windowSeconds: windowEnd - windowStart },
  };
}

function refusedBy(scope: SuspensionScope): string {
  if (scope === 'writes') return 'Writes';
  return scope === 'everything' ? 'Requests' : `Requests for ${scope.slice('route:'.length)}`;
}

function blindBody({ retryAfterSeconds }: Refused): object {
  return {
    type: 'urn:spillway:blind',
    title: 'Suspensions are not known',
    status: 503,
    detail: `It is not known who is suspended, so requests are refused. Try again in ${String(retryAfterSeconds)} seconds.`,
  };
}
