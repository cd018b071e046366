import type { OperatorAnswer } from '../../lambdas/contracts/operator';
import type { SuspensionEvent } from '../../lambdas/contracts/suspension-event';
import { type HeatAt, heatBySecond, type UnitsBySecond } from './recomputed-heat';

/** A limit that units are held against, and where it is known from. */
export interface Rule {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly from: string;
}

/** One key that the subject wrote to. */
export interface ExplainedKey {
  readonly resource: string;
  readonly key: string;
  readonly subject: string;
  readonly rule: Rule;
  readonly heats: readonly HeatAt[];
  /** The greatest heat of the time that was read. */
  readonly peakHeat: number;
  readonly heatNow: number;
  /** How much the greatest heat is above the limit; 0 where it is not. */
  readonly excess: number;
}

export interface Explanation {
  readonly asked: string;
  readonly nowMs: number;
  readonly keys: readonly ExplainedKey[];
  /** How each subject that was found stands. */
  readonly standings: readonly OperatorAnswer<'show'>[];
  readonly events: readonly SuspensionEvent[];
  readonly next: readonly string[];
}

/** Puts the recomputed usage beside what was decided. Pure. */
export function explanationOf(
  asked: string,
  usage: readonly UnitsBySecond[],
  events: readonly SuspensionEvent[],
  standings: readonly OperatorAnswer<'show'>[],
  unlessDecided: (resource: string) => Rule,
  nowMs: number,
): Explanation {
  const lastSecond = Math.floor(nowMs / 1000);
  const keys = usage.map((one): ExplainedKey => {
    const rule = ruleOf(one, events) ?? unlessDecided(one.resource);
    const heats = heatBySecond(one, rule.windowSeconds, lastSecond);
    const peakHeat = Math.max(0, ...heats.map(({ heat }) => heat));
    const { resource, key, subject } = one;
    return {
      resource,
      key,
      subject,
      rule,
      heats,
      peakHeat,
      heatNow: heats.at(-1)?.heat ?? 0,
      excess: Math.max(0, peakHeat - rule.limit),
    };
  });
  const next = standings.map((standing) =>
    nextFor(
      standing,
      keys.filter(({ subject }) => subject === standing.subject),
    ),
  );
  return { asked, nowMs, keys, standings, events, next };
}

/** The rule by which the newest excess of this key was stated. */
function ruleOf({ resource, key }: UnitsBySecond, events: readonly SuspensionEvent[]): Rule | undefined {
  for (const { excess, suspension } of [...events].sort((one, other) => other.seq - one.seq)) {
    const found = excess ?? suspension?.reason;
    if (found?.resource !== resource || found.key !== key) continue;
    const windowSeconds = found.windowEnd - found.windowStart;
    const from = `${found.detection} of ${found.application}, as its excess says`;
    return { limit: found.limit, windowSeconds, from };
  }
  return undefined;
}

function nextFor(standing: OperatorAnswer<'show'>, keys: readonly ExplainedKey[]): string {
  const { subject, suspension, exemptUntil, simulated, breakerOpen } = standing;
  const above = keys.filter(({ heatNow, rule }) => heatNow > rule.limit);
  if (suspension !== undefined) {
    const end = new Date(suspension.until).toISOString();
    return `${subject} is refused until ${end}, then let through; a newer excess moves that end, and another episode after it suspends longer`;
  }
  if (exemptUntil !== undefined) {
    return `${subject} is exempt until ${new Date(exemptUntil).toISOString()}: whatever it writes, it is not suspended`;
  }
  if (above.length > 0 && breakerOpen) {
    return `${subject} is above a limit, and the breaker is open: its excesses are recorded as held and nobody is suspended`;
  }
  if (above.length > 0) {
    return `${subject} is above a limit now: the detection speaks when that begins and once a minute while it lasts, and the next excess is decided`;
  }
  const [nearest] = [...keys].sort(
    (one, other) => other.heatNow / other.rule.limit - one.heatNow / one.rule.limit,
  );
  if (nearest === undefined) return `${subject} wrote nothing in that time: nothing happens`;
  const room = nearest.rule.limit - nearest.heatNow;
  return `${subject} is ${String(room)} write units below the limit of ${nearest.resource}: nothing happens${simulated === undefined ? '' : '; a simulated suspension is recorded for it'}`;
}
