import { z } from 'zod';
import { excess } from './excess';
import { epochMs, epochSecond, name, version, wholeNumber } from './fields';
import { suspension } from './suspension';

/** Who asked for something, why, and the invocation in which it was done, by which CloudTrail names the caller. */
export const askedBy = z.strictObject({
  /** As the caller says: an ARN, or `local:<user>`. */
  who: name.max(300),
  reason: name.max(500),
  /** The request id of the operator function's invocation. */
  invocation: name.max(100),
});

export type AskedBy = z.infer<typeof askedBy>;

/**
 * What became of an excess or of what a person asked for:
 *
 * - `suspended`, `extended`, `covered`: the excess suspended its subject, moved its end, or did not need to.
 * - `exempt`: its subject is exempt. `before-lift`: its window begins before the subject was lifted or its exemption ended.
 * - `held`: the breaker is open, so nobody is suspended.
 * - `added`, `lifted`: by a person, or `lifted` because an exemption was added. `ended`: its time came.
 * - `exempted`, `unexempted`, `breaker-opened`, `breaker-reset`, `policy-applied`: what the words say.
 */
export const suspensionEventKinds = [
  'suspended',
  'extended',
  'covered',
  'exempt',
  'before-lift',
  'held',
  'added',
  'lifted',
  'ended',
  'exempted',
  'unexempted',
  'breaker-opened',
  'breaker-reset',
  'policy-applied',
] as const;

/** What is remembered of a subject's episodes. */
export const episodeState = z.strictObject({
  /** The end of its newest excess's window; 0 where there was none. */
  windowEnd: epochSecond,
  offences: wholeNumber,
  /** When its present or last suspension began. */
  since: epochMs,
  /** Whether the newest episode is among the offences: one that was exempt or held is not. */
  counted: z.boolean(),
  /** Excesses whose window begins before this moment do not count; 0 where there is none. */
  notBefore: epochMs,
});

export type EpisodeState = z.infer<typeof episodeState>;

/** One line of the log of decisions. */
export const suspensionEvent = z.strictObject({
  version,
  /** Orders the events of a store; about the microseconds since 1970. */
  seq: wholeNumber,
  at: epochMs,
  kind: z.enum(suspensionEventKinds),
  /** Names what happened: the same when it is told again. */
  id: name,
  subject: name.optional(),
  /** Decided and recorded only. */
  simulated: z.literal(true).optional(),
  /** As it is from then on, or as it was where it was lifted or ended. */
  suspension: suspension.optional(),
  /** Of a request that changed nothing for guards. */
  excess: excess.optional(),
  /** Of an exemption. */
  until: epochMs.optional(),
  by: askedBy.optional(),
  /** Of the breaker. */
  suspensionsPerMinute: wholeNumber.optional(),
  episode: episodeState.optional(),
});

export type SuspensionEvent = z.infer<typeof suspensionEvent>;
