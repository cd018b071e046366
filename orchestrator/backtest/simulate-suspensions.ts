import type { Excess } from '../../lambdas/contracts/excess';
import type { Policy } from '../../lambdas/contracts/policy';
import { requestFor } from '../../lambdas/contracts/suspension-request';
import { defaultPolicy } from '../../lambdas/suspender/default-policy';
import { termsFor } from '../../lambdas/suspender/policy';
import { SuspensionModel } from '../../lambdas/suspender/suspension-model';
import { type FoundUsage, keyName, unitsWithin } from './found-usage';

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

/**
 * Decides excesses as the suspender does: episodes, offences, lengths and their decay. What a suspended subject writes is
 * refused, so that an excess counts only if what was let through inside its window passes the limit by itself. The
 * breaker is taken to be reset at once; when it would have opened is told. Pure.
 */
export function simulateSuspensions(excesses: readonly Excess[], options: SimulationOptions): Simulation {
  const { policy, exempt, application } = options;
  const model = new SuspensionModel({ ...policy, breaker: { suspensionsPerMinute: Infinity } });
  const spans: SuspendedSpan[] = [];
  const lastOf = new Map<string, { at: number }>();
  const exempted = new Set<string>();
  const notEnforced = new Set<string>();
  model.nowMs = 0;
  for (const subject of exempt) model.exempt(subject, never);
  for (const { excess, atMs } of inOrderOfDecision(excesses, options)) {
    const { subject } = excess;
    const request = requestFor({ ...excess, application });
    if (termsFor(policy, request.excess).mode !== 'enforce') {
      notEnforced.add(subject);
      continue;
    }
    const known = lastOf.get(subject);
    const last = known === undefined ? undefined : spans[known.at];
    // Whoever is suspended writes nothing: there would be no such excess.
    if (last !== undefined && isWithin([last], excess.windowEnd - 1)) continue;
    if (!passesByItself(excess, spansOf(spans, subject), options.usage)) continue;
    model.nowMs = atMs;
    const { kind, until, offences } = model.suspend(request);
    if (kind === 'exempt') exempted.add(subject);
    else if (kind === 'suspended') {
      lastOf.set(subject, { at: spans.length });
      spans.push({ subject, sinceMs: atMs, untilMs: until, offence: offences, excess });
    } else if (kind === 'extended' && last !== undefined && known !== undefined) {
      spans[known.at] = { ...last, untilMs: until };
    }
  }
  return {
    spans,
    exempted: [...exempted].sort(),
    notEnforced: [...notEnforced].sort(),
    breakerOpensMs: breakerOpening(spans, policy.breaker.suspensionsPerMinute),
  };
}

function inOrderOfDecision(
  excesses: readonly Excess[],
  { reactionMs }: SimulationOptions,
): { excess: Excess; atMs: number }[] {
  return excesses
    .filter(({ action, subject }) => action !== 'notify' && subject !== '')
    .map((excess) => ({ excess, atMs: excess.windowEnd * 1_000 + reactionMs(excess.detection) }))
    .sort((a, b) => a.atMs - b.atMs);
}

function spansOf(spans: readonly SuspendedSpan[], subject: string): SuspendedSpan[] {
  return spans.filter((span) => span.subject === subject);
}

function passesByItself(
  { resource, key, subject, windowStart, windowEnd, limit }: Excess,
  spans: readonly SuspendedSpan[],
  usage: FoundUsage,
): boolean {
  const inWindow = spans.filter(({ untilMs }) => untilMs > windowStart * 1_000);
  if (inWindow.length === 0) return true;
  const name = keyName({ resource, key });
  const written = usage.bySubject.get(subject)?.find((one) => keyName(one) === name);
  return (
    written === undefined ||
    unitsWithin(written, windowStart, windowEnd, (second) => !isWithin(inWindow, second)) > limit
  );
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
