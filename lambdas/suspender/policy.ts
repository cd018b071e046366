import { createHash } from 'node:crypto';
import type { Excess } from '../contracts/excess';
import { type Policy, type PolicyMode, policyModes, type PolicyTerms } from '../contracts/policy';

/** The terms for an excess: the default's, with those of each rule that fits it over them, in order. */
export function termsFor(
  policy: Policy,
  { application, detection, resource }: Pick<Excess, 'application' | 'detection' | 'resource'>,
): PolicyTerms {
  let terms = policy.default;
  for (const rule of policy.rules) {
    const fits =
      (rule.application ?? application) === application &&
      (rule.detection ?? detection) === detection &&
      (rule.resource ?? resource) === resource;
    if (fits) terms = withChanges(terms, rule);
  }
  return { ...terms, mode: moreCareful(policy.mode, terms.mode) };
}

function withChanges(terms: PolicyTerms, changes: Policy['rules'][number]): PolicyTerms {
  return {
    mode: changes.mode ?? terms.mode,
    firstSeconds: changes.firstSeconds ?? terms.firstSeconds,
    factor: changes.factor ?? terms.factor,
    ceilingSeconds: changes.ceilingSeconds ?? terms.ceilingSeconds,
    decaySeconds: changes.decaySeconds ?? terms.decaySeconds,
    jitter: changes.jitter ?? terms.jitter,
    scope: changes.scope ?? terms.scope,
  };
}

function moreCareful(one: PolicyMode, other: PolicyMode): PolicyMode {
  return policyModes.indexOf(one) > policyModes.indexOf(other) ? one : other;
}

/** Where no policy reaches the ceiling sooner, the offence after which no further one makes it longer. */
const mostSteps = 64;

/**
 * Milliseconds that the first, second, third … offence suspends; the last one counts for all that follow.
 *
 * Of the step from one length to the next a share of at most `jitter` is added, drawn by the request's id: the same
 * request has the same length however often it is decided, and a further offence is never shorter, whatever was drawn
 * for either. At the ceiling there is no step left and nothing is drawn.
 */
export function lengthsMs(terms: PolicyTerms, requestId: string): number[] {
  const lot = lotOf(requestId);
  const base = (offence: number): number =>
    Math.min(terms.firstSeconds * terms.factor ** (offence - 1), terms.ceilingSeconds) * 1000;
  const lengths: number[] = [];
  for (let offence = 1; offence <= mostSteps; offence++) {
    const step = base(offence + 1) - base(offence);
    lengths.push(Math.round(base(offence) + step * terms.jitter * lot));
    if (step === 0) break;
  }
  return lengths;
}

/** The length for the given offence, counted from 1. */
export function lengthMs(terms: PolicyTerms, requestId: string, offence: number): number {
  const lengths = lengthsMs(terms, requestId);
  return lengths[Math.min(offence, lengths.length) - 1] ?? terms.ceilingSeconds * 1000;
}

/** What is left of a count of offences after so many seconds without an excess. The script counts the same way. */
export function offencesLeft(terms: PolicyTerms, offences: number, quietSeconds: number): number {
  return Math.max(0, offences - Math.floor(Math.max(0, quietSeconds) / terms.decaySeconds));
}

/** From 0 up to but not including 1, the same for the same id. */
function lotOf(requestId: string): number {
  return createHash('sha256').update(requestId).digest().readUInt32BE(0) / 2 ** 32;
}
