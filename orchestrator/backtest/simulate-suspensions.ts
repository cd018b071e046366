import type { Excess } from '../../lambdas/contracts/excess';
import type { Policy } from '../../lambdas/contracts/policy';
import { requestFor } from '../../lambdas/contracts/suspension-request';
import { defaultPolicy } from '../../lambdas/suspender/default-policy';
import { termsFor } from '../../lambdas/suspender/policy';
import { SuspensionModel } from '../../lambdas/suspender/suspension-model';
import { nextAdmittedExcess, passesByItself } from './admitted-heat';
import { type FoundUsage, keyName } from './found-usage';

/** A time for which a subject would have been refused. Epoch milliseconds, `untilMs` exclusive. */
export interface SuspendedSpan {
  readonly subject: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Offences that count, this one included. */
  readonly offence: number;
  /** Why. */
  readonly excess: Excess;
}

/** What the suspender would have made of excesses. */
export interface Simulation {
  /** In the order of their beginnings. */
  readonly spans: readonly SuspendedSpan[];
  /** Subjects that would have been suspended and are exempt. */
  readonly exempted: readonly string[];
  /** Subjects of excesses that the policy only simulates, or has off. */
  readonly notEnforced: readonly string[];
  /** Epoch milliseconds at which the breaker would have opened first. */
  readonly breakerOpensMs?: number | undefined;
}

export interface SimulationOptions {
  /** The application's logical name, as the policy's rules have it; excesses of a backtest carry another. */
  readonly application: string;
  readonly policy: Policy;
  /** Subjects that are exempt all the time. */
  readonly exempt: ReadonlySet<string>;
  readonly usage: FoundUsage;
  /** From the end of the second that makes an excess to the first request that is refused. */
  readonly reactionMs: (detection: string) => number;
}

/** What counts where nobody has applied a policy. */
export const usualPolicy: Policy = defaultPolicy;

const minuteMs = 60_000;
const never = 100 * 366 * 24 * 3600;

interface Event {
  readonly excess: Excess;
  readonly atMs: number;
}

/**
 * Decides excesses as the suspender does: episodes, offences, lengths and their decay. What a suspended subject writes is
 * refused and heats nothing: an excess counts only if what was let through passes the limit by itself, and after a
 * suspension it is found at the first second at which that is so. The breaker is taken to be reset at once; when it would
 * have opened is told. Pure.
 */
export function simulateSuspensions(excesses: readonly Excess[], options: SimulationOptions): Simulation {
  const { policy, exempt, application, usage } = options;
  const model = new SuspensionModel({ ...policy, breaker: { suspensionsPerMinute: Infinity } });
  model.nowMs = 0;
  for (const subject of exempt) model.exempt(subject, never);
  const bySubject = new Map<string, SuspendedSpan[]>();
  const exempted = new Set<string>();
  const notEnforced = new Set<string>();
  const stated = new StatedExcesses(excesses);
  const eventOf = (excess: Excess): Event => ({
    excess,
    atMs: excess.windowEnd * 1_000 + options.reactionMs(excess.detection),
  });
  const events = stated.all.map(eventOf).sort((a, b) => a.atMs - b.atMs);
  for (let at = 0; at < events.length; at++) {
    const { excess, atMs } = events[at] as Event;
    const { subject } = excess;
    const request = requestFor({ ...excess, application });
    if (termsFor(policy, request.excess).mode !== 'enforce') {
      notEnforced.add(subject);
      continue;
    }
    const spans = bySubject.get(subject) ?? [];
    const isAdmitted = (second: number): boolean => !isWithin(spans, second);
    if (!isAdmitted(excess.windowEnd - 1) || !passesByItself(excess, usage, isAdmitted)) continue;
    model.nowMs = atMs;
    const { kind, until, offences } = model.suspend(request);
    if (kind === 'exempt') exempted.add(subject);
    if (kind !== 'suspended' && kind !== 'extended') continue;
    const last = kind === 'extended' ? spans.pop() : undefined;
    spans.push(
      last === undefined
        ? { subject, sinceMs: atMs, untilMs: until, offence: offences, excess }
        : { ...last, untilMs: until },
    );
    bySubject.set(subject, spans);
    for (const group of stated.of(subject)) {
      const next = nextAdmittedExcess(group, usage, Math.ceil(until / 1_000), isAdmitted);
      if (next !== undefined) insert(events, eventOf(next));
    }
  }
  const spans = [...bySubject.values()].flat().sort((a, b) => a.sinceMs - b.sinceMs);
  return {
    spans,
    exempted: [...exempted].sort(),
    notEnforced: [...notEnforced].sort(),
    breakerOpensMs: breakerOpening(spans, policy.breaker.suspensionsPerMinute),
  };
}

/** Excesses that suspend, by their subject, and of each subject by what found it. */
class StatedExcesses {
  readonly all: readonly Excess[];
  readonly #groups = new Map<string, Map<string, Excess[]>>();

  constructor(excesses: readonly Excess[]) {
    this.all = excesses.filter(({ action, subject }) => action !== 'notify' && subject !== '');
    for (const excess of this.all) {
      const groups = this.#groups.get(excess.subject) ?? new Map<string, Excess[]>();
      this.#groups.set(excess.subject, groups);
      const name = JSON.stringify([excess.detection, keyName(excess)]);
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [excess]);
      else group.push(excess);
    }
  }

  of(subject: string): Iterable<readonly Excess[]> {
    return this.#groups.get(subject)?.values() ?? [];
  }
}

/** Behind those of its time: what was stated comes before what follows from it. */
function insert(events: Event[], event: Event): void {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.atMs ?? 0) <= event.atMs) low = middle + 1;
    else high = middle;
  }
  events.splice(low, 0, event);
}

/** Whether a write of that second is refused by one of a subject's spans. */
export function isWithin(spans: readonly SuspendedSpan[], second: number): boolean {
  return spans.some(({ sinceMs, untilMs }) => second * 1_000 >= sinceMs && second * 1_000 < untilMs);
}

function breakerOpening(spans: readonly SuspendedSpan[], perMinute: number): number | undefined {
  return spans.find((span, at) => {
    const first = spans[at - perMinute];
    return first !== undefined && first.sinceMs > span.sinceMs - minuteMs;
  })?.sinceMs;
}
