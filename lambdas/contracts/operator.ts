import { z } from 'zod';
import { epochMs, name, version, wholeNumber } from './fields';
import { policy } from './policy';
import { suspension, suspensionScope } from './suspension';
import { askedBy, episodeState, suspensionEvent, suspensionEventKinds } from './suspension-event';

/** The longest that a person may suspend or exempt somebody for at once. */
export const longestByHandSeconds = 366 * 24 * 3600;

/** As many hours of figures are told at most. */
export const mostFigureHours = 24;

const reason = z.string().max(500).regex(/\S/);
const seconds = wholeNumber.min(1).max(longestByHandSeconds);
const limit = wholeNumber.min(1).max(1_000);

/** What the command line asks of the operator function; each `id` is performed once. */
export const operatorAction = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('list'),
    /** Decisions that are only recorded, in place of those in force. */
    simulated: z.boolean(),
    limit,
    application: name.optional(),
    detection: name.optional(),
    resource: name.optional(),
    subjectPrefix: name.optional(),
  }),
  z.strictObject({ action: z.literal('show'), subject: name }),
  z.strictObject({
    action: z.literal('add'),
    id: name,
    subject: name,
    seconds,
    scope: suspensionScope,
    reason,
  }),
  z.strictObject({ action: z.literal('lift'), id: name, subject: name, reason }),
  z.strictObject({
    action: z.literal('history'),
    since: epochMs,
    subject: name.optional(),
    kind: z.enum(suspensionEventKinds).optional(),
    afterSeq: wholeNumber.optional(),
    newestFirst: z.boolean(),
    limit,
  }),
  /** The figures of so many hours, the running one included. */
  z.strictObject({ action: z.literal('figures'), hours: wholeNumber.min(1).max(mostFigureHours) }),
  z.strictObject({ action: z.literal('exemptions'), subjectPrefix: name.optional() }),
  z.strictObject({ action: z.literal('exempt'), id: name, subject: name, seconds, reason }),
  z.strictObject({ action: z.literal('unexempt'), id: name, subject: name, reason }),
  z.strictObject({ action: z.literal('breaker') }),
  z.strictObject({ action: z.literal('reset-breaker'), id: name, reason }),
  z.strictObject({ action: z.literal('policy') }),
  z.strictObject({ action: z.literal('apply-policy'), id: name, policy, reason }),
  /** Removes what has ended, writes down and tells what waits, and gives metrics. A schedule asks for it each minute. */
  z.strictObject({ action: z.literal('sweep') }),
]);

export type OperatorAction = z.infer<typeof operatorAction>;

export const operatorRequest = z.strictObject({
  version,
  /** Who asks, as the caller says: an ARN from STS, or `local:<user>`. CloudTrail proves it by the invocation's id. */
  who: name.max(300),
  ask: operatorAction,
});

export type OperatorRequest = z.infer<typeof operatorRequest>;

const exemption = z.strictObject({ subject: name, since: epochMs, until: epochMs, by: askedBy });

/** The two figures of an hour. The subjects of `spillway prove` are in none. */
const hourFigures = z.strictObject({
  /** Hours since 1970. */
  hour: wholeNumber,
  /** Subjects whose suspension began in it, by an excess or by a person; one that was suspended twice counts once. */
  subjectsSuspended: wholeNumber,
  /** The same of decisions that were only simulated. */
  subjectsSimulated: wholeNumber,
  /** Requests that guards refused in it, as far as they have added their counts: every ten seconds unless set. */
  requestsPrevented: wholeNumber,
});

export type HourFigures = z.infer<typeof hourFigures>;

const breakerState = z.strictObject({
  open: z.boolean(),
  openedAt: epochMs.optional(),
  /** At so many new suspensions within 60 seconds it opens. */
  suspensionsPerMinute: wholeNumber,
  /** New suspensions within the last 60 seconds. */
  recent: wholeNumber,
});

const done = z.strictObject({
  /** Whether something changed; `false` where it was so already, or the request was performed before. */
  changed: z.boolean(),
  /** What was found or done, as a word. */
  outcome: z.enum([
    'added',
    'lifted',
    'not-suspended',
    'exempt',
    'exempted',
    'exempted-and-lifted',
    'not-exempt',
    'unexempted',
    'reset',
    'not-open',
    'applied',
    'repeated',
  ]),
});

/** The answers, by what was asked. */
export const operatorAnswers = {
  list: z.strictObject({
    suspensions: z.array(suspension),
    /** How many fit, of which `suspensions` may be a part. */
    total: wholeNumber,
    /** The running hour and the one before. */
    figures: z.array(hourFigures),
    breakerOpen: z.boolean(),
  }),
  show: z.strictObject({
    subject: name,
    suspension: suspension.optional(),
    simulated: suspension.optional(),
    episode: episodeState.optional(),
    exemptUntil: epochMs.optional(),
    breakerOpen: z.boolean(),
  }),
  history: z.strictObject({ events: z.array(suspensionEvent) }),
  /** The oldest hour first, and none left out. */
  figures: z.strictObject({ hours: z.array(hourFigures) }),
  exemptions: z.strictObject({ exemptions: z.array(exemption) }),
  breaker: breakerState,
  policy: z.strictObject({
    policy,
    /** Absent where the built-in one counts. */
    applied: z.strictObject({ at: epochMs, by: askedBy }).optional(),
  }),
  add: done,
  lift: done,
  exempt: done,
  unexempt: done,
  'reset-breaker': done,
  'apply-policy': done,
  sweep: z.strictObject({
    ended: wholeNumber,
    written: wholeNumber,
    active: wholeNumber,
    figures: z.array(hourFigures),
  }),
} as const satisfies Record<OperatorAction['action'], z.ZodType>;

export type OperatorAnswer<Action extends OperatorAction['action']> = z.infer<
  (typeof operatorAnswers)[Action]
>;
