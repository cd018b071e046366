import type { HourFigures, OperatorAction, OperatorAnswer } from '../contracts/operator';
import type { Policy } from '../contracts/policy';
import type { AskedBy } from '../contracts/suspension-event';
import type { SuspensionControl } from '../suspender/control';
import { byHandName } from './by-hand-reason';
import type { Present } from './figure-metrics';
import type { Asked, StoreByHand } from './store-by-hand';
import type { StoreReading } from './store-reading';

/** Everything that an answer is made of. */
export interface OperatorParts {
  readonly reading: StoreReading;
  readonly byHand: StoreByHand;
  readonly control: SuspensionControl;
  /** What counts where no policy is applied. */
  readonly unlessApplied: Policy;
  /** Writes down what the scripts left in Redis; answers how many events. */
  readonly carry: () => Promise<number>;
  /** Takes what a sweep found as metrics: how it is, and what is new in the figures of an hour. */
  readonly meter: (news: HourFigures, present?: Present) => void;
}

type Ask<Action extends OperatorAction['action']> = Extract<OperatorAction, { action: Action }>;
type Done = OperatorAnswer<'lift'>;

/** Whoever asks, without the reason, which stands in each request. */
export type Asker = Pick<AskedBy, 'who' | 'invocation'>;

/**
 * Does what was asked, and answers. What changes something is written to `control` before the answer: an answer says
 * that it happened and will be remembered.
 */
export async function perform(
  ask: OperatorAction,
  asker: Asker,
  nowMs: number,
  parts: OperatorParts,
): Promise<OperatorAnswer<OperatorAction['action']>> {
  const { byHand, control, carry } = parts;
  switch (ask.action) {
    case 'list':
      return list(ask, nowMs, parts);
    case 'show':
      return show(ask.subject, nowMs, parts);
    case 'history':
      return { events: await control.events({ ...ask, until: nowMs }) };
    case 'figures':
      return { hours: await parts.reading.figures(nowMs, ask.hours) };
    case 'exemptions': {
      const all = await control.exemptions();
      const prefix = ask.subjectPrefix ?? '';
      return { exemptions: all.filter(({ subject, until }) => until > nowMs && subject.startsWith(prefix)) };
    }
    case 'breaker':
      return breaker(nowMs, parts);
    case 'policy':
      return policyInForce(parts);
    case 'sweep':
      return sweep(nowMs, parts);
    case 'add':
      return changed(
        await byHand.add(asked(ask, asker, nowMs), ask.subject, nowMs + ask.seconds * 1000, ask.scope),
        carry,
      );
    case 'lift':
      return changed(await byHand.lift(asked(ask, asker, nowMs), ask.subject), carry);
    case 'exempt':
      return exempt(ask, asker, nowMs, parts);
    case 'unexempt':
      return unexempt(ask, asker, nowMs, parts);
    case 'reset-breaker':
      return changed(await byHand.resetBreaker(asked(ask, asker, nowMs)), carry);
    case 'apply-policy':
      return applyPolicy(ask, asker, nowMs, parts);
  }
}

function asked({ id, reason }: { id: string; reason: string }, asker: Asker, nowMs: number): Asked {
  return { id, nowMs, by: { ...asker, reason } };
}

const unchanged: ReadonlySet<string> = new Set([
  'not-suspended',
  'exempt',
  'not-exempt',
  'not-open',
  'repeated',
]);

async function changed(word: string, carry: () => Promise<number>): Promise<Done> {
  await carry();
  return { changed: !unchanged.has(word), outcome: word as Done['outcome'] };
}

async function list(
  ask: Ask<'list'>,
  nowMs: number,
  { reading }: OperatorParts,
): Promise<OperatorAnswer<'list'>> {
  const [all, figures, { openedAt }] = await Promise.all([
    reading.suspensions(nowMs, ask.simulated),
    reading.figures(nowMs, 2),
    reading.breaker(nowMs),
  ]);
  const fitting = all.filter(
    ({ subject, reason }) =>
      subject.startsWith(ask.subjectPrefix ?? '') &&
      (ask.application ?? reason.application) === reason.application &&
      (ask.detection ?? reason.detection) === reason.detection &&
      (ask.resource ?? reason.resource) === reason.resource,
  );
  const suspensions = fitting.slice(0, ask.limit);
  return { suspensions, total: fitting.length, figures, breakerOpen: openedAt !== undefined };
}

async function show(
  subject: string,
  nowMs: number,
  { reading }: OperatorParts,
): Promise<OperatorAnswer<'show'>> {
  const [suspension, simulated, episode, exemptUntil, { openedAt }] = await Promise.all([
    reading.suspension(subject, nowMs, false),
    reading.suspension(subject, nowMs, true),
    reading.episode(subject),
    reading.exemptUntil(subject, nowMs),
    reading.breaker(nowMs),
  ]);
  return {
    subject,
    ...(suspension === undefined ? {} : { suspension }),
    ...(simulated === undefined ? {} : { simulated }),
    ...(episode === undefined ? {} : { episode }),
    ...(exemptUntil === undefined ? {} : { exemptUntil }),
    breakerOpen: openedAt !== undefined,
  };
}

/** `control` first: the copy in Redis never says more than it. Where this breaks off in between, the caller tries again. */
async function exempt(ask: Ask<'exempt'>, asker: Asker, nowMs: number, parts: OperatorParts): Promise<Done> {
  const until = nowMs + ask.seconds * 1000;
  const one = asked(ask, asker, nowMs);
  await parts.control.writeExemption({ subject: ask.subject, since: nowMs, until, by: one.by });
  return changed(await parts.byHand.exempt(one, ask.subject, until), parts.carry);
}

async function unexempt(
  ask: Ask<'unexempt'>,
  asker: Asker,
  nowMs: number,
  parts: OperatorParts,
): Promise<Done> {
  const one = asked(ask, asker, nowMs);
  const existing = (await parts.control.exemptions()).find(({ subject }) => subject === ask.subject);
  if (existing !== undefined && existing.until > nowMs) {
    await parts.control.writeExemption({ ...existing, until: nowMs, by: one.by });
  }
  return changed(await parts.byHand.unexempt(one, ask.subject), parts.carry);
}

async function applyPolicy(
  ask: Ask<'apply-policy'>,
  asker: Asker,
  nowMs: number,
  parts: OperatorParts,
): Promise<Done> {
  const one = asked(ask, asker, nowMs);
  await parts.control.writePolicy({ policy: ask.policy, at: nowMs, by: one.by });
  const word = await parts.byHand.recordPolicy(one);
  return changed(word === 'recorded' ? 'applied' : word, parts.carry);
}

async function policyInForce({ control, unlessApplied }: OperatorParts): Promise<OperatorAnswer<'policy'>> {
  const applied = await control.readPolicy();
  if (applied === undefined) return { policy: unlessApplied };
  return { policy: applied.policy, applied: { at: applied.at, by: applied.by } };
}

async function breaker(nowMs: number, parts: OperatorParts): Promise<OperatorAnswer<'breaker'>> {
  const [{ openedAt, recent }, { policy }] = await Promise.all([
    parts.reading.breaker(nowMs),
    policyInForce(parts),
  ]);
  return {
    open: openedAt !== undefined,
    ...(openedAt === undefined ? {} : { openedAt }),
    suspensionsPerMinute: policy.breaker.suspensionsPerMinute,
    recent,
  };
}

async function sweep(nowMs: number, parts: OperatorParts): Promise<OperatorAnswer<'sweep'>> {
  const { reading, byHand, carry, meter } = parts;
  const ended = await byHand.sweep(nowMs);
  const written = await carry();
  const [active, figures, { openedAt }] = await Promise.all([
    reading.suspensions(nowMs, false).then((all) => all.length),
    // Guards add their last counts of an hour when it is over.
    reading.figures(nowMs, 2),
    reading.breaker(nowMs),
  ]);
  const present = { active, isBreakerOpen: openedAt !== undefined };
  for (const [index, hour] of figures.entries()) {
    const isRunning = index === figures.length - 1;
    meter(await byHand.meter(hour), isRunning ? present : undefined);
  }
  return { ended, written, active, figures };
}

/** Whether a suspension was made by a person. */
export function isByHand({ reason }: { reason: { detection: string } }): boolean {
  return reason.detection === byHandName;
}
