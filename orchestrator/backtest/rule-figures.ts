import type { Excess } from '../../lambdas/contracts/excess';
import type { ParameterTexts } from '../definition/parameter-values';
import { firstAt, type FoundUsage, keyName } from './found-usage';
import {
  busiestUnitsPerSecond,
  type JudgedOverload,
  judgedOverloads,
  overloadsOf,
  partitionUnitsPerSecond,
} from './overloads';
import {
  type Simulation,
  simulateSuspensions,
  type SimulationOptions,
  type SuspendedSpan,
} from './simulate-suspensions';

/** What would have become of one subject. */
export interface SubjectFigures {
  readonly subject: string;
  readonly suspensions: number;
  /** Inside the span that is judged. */
  readonly suspendedSeconds: number;
  readonly mostOffences: number;
  /** Writes to tables that would have been refused; an estimate: a refused client may try again. */
  readonly refusedRequests: number;
  /** Write units of them, on tables and indexes. */
  readonly savedUnits: number;
  /** The most write units a second, over ten seconds, of a key for which it would have been suspended. */
  readonly busiestUnitsPerSecond: number;
  readonly wronglyHit: boolean;
  readonly spans: readonly SuspendedSpan[];
}

/** What one set of parameters would have done. */
export interface RuleFigures {
  /** `old`, `new`, or a value of the sweep such as `limit=30000`. */
  readonly label: string;
  readonly parameters: ParameterTexts;
  readonly excesses: number;
  /** The longest suspended first. */
  readonly subjects: readonly SubjectFigures[];
  /** Of keys that an excess of any rule names. */
  readonly overloads: readonly JudgedOverload[];
  readonly exempted: readonly string[];
  readonly notEnforced: readonly string[];
  readonly breakerOpensMs?: number | undefined;
  readonly totals: RuleTotals;
}

export interface RuleTotals {
  readonly subjects: number;
  readonly wronglyHit: number;
  readonly suspendedSeconds: number;
  readonly wronglySuspendedSeconds: number;
  readonly refusedRequests: number;
  readonly savedUnits: number;
  /** Of subjects that were not hit wrongly. */
  readonly rightlySavedUnits: number;
  readonly overloads: number;
  readonly headedOff: number;
  /** The least of those that were headed off. */
  readonly leastLeadSeconds?: number | undefined;
}

export interface FiguresOptions extends Omit<SimulationOptions, 'usage'> {
  readonly usage: FoundUsage;
  /** Epoch second at which the span ends. */
  readonly until: number;
  /** Who must never be suspended; where nobody is named, low heat decides. */
  readonly knownGood?: ReadonlySet<string> | undefined;
}

/**
 * Where nobody says who is good: a subject is hit wrongly if the keys for which it was suspended never took half of what
 * one partition gives.
 */
export const wronglyBelow = partitionUnitsPerSecond / 2;

/** Figures of one set of parameters by what it stated. Pure. */
export function ruleFigures(
  label: string,
  parameters: ParameterTexts,
  excesses: readonly Excess[],
  options: FiguresOptions,
): RuleFigures {
  const simulation = simulateSuspensions(excesses, options);
  const bySubject = new Map<string, SuspendedSpan[]>();
  for (const span of simulation.spans) {
    const spans = bySubject.get(span.subject);
    if (spans === undefined) bySubject.set(span.subject, [span]);
    else spans.push(span);
  }
  const subjects = [...bySubject]
    .map(([subject, spans]) => subjectFigures(subject, spans, options))
    .sort((a, b) => b.suspendedSeconds - a.suspendedSeconds || (a.subject < b.subject ? -1 : 1));
  const overloads = overloadsUnder(excesses, simulation, options.usage);
  return {
    ...{ label, parameters, excesses: excesses.length, subjects, overloads },
    exempted: simulation.exempted,
    notEnforced: simulation.notEnforced,
    breakerOpensMs: simulation.breakerOpensMs,
    totals: totalsOf(subjects, overloads),
  };
}

function subjectFigures(
  subject: string,
  spans: readonly SuspendedSpan[],
  { usage, until, knownGood }: FiguresOptions,
): SubjectFigures {
  let [refusedRequests, savedUnits] = [0, 0];
  for (const { resource, seconds, units, writes } of usage.bySubject.get(subject) ?? []) {
    for (const { sinceMs, untilMs } of spans) {
      for (let at = firstAt(seconds, Math.ceil(sinceMs / 1_000)); at < seconds.length; at++) {
        if ((seconds[at] ?? 0) * 1_000 >= untilMs) break;
        savedUnits += units[at] ?? 0;
        // What a change costs an index is an entry of its own; the request is one.
        if (!resource.includes('/')) refusedRequests += writes[at] ?? 0;
      }
    }
  }
  const keys = new Set(spans.map(({ excess }) => keyName(excess)));
  const busiest = Math.max(
    0,
    ...[...keys].flatMap((name) => {
      const key = usage.byKey.get(name);
      return key === undefined ? [] : [busiestUnitsPerSecond(key)];
    }),
  );
  const ms = spans.reduce(
    (sum, { sinceMs, untilMs }) => sum + Math.max(0, Math.min(untilMs, until * 1_000) - sinceMs),
    0,
  );
  return {
    ...{ subject, suspensions: spans.length, suspendedSeconds: Math.round(ms / 1_000) },
    mostOffences: Math.max(...spans.map(({ offence }) => offence)),
    ...{ refusedRequests, savedUnits, busiestUnitsPerSecond: busiest },
    wronglyHit: knownGood === undefined ? busiest < wronglyBelow : knownGood.has(subject),
    spans,
  };
}

/** Every key of the usage is looked at, also one that this rule says nothing of: another rule did. */
function overloadsUnder(
  excesses: readonly Excess[],
  { spans }: Simulation,
  usage: FoundUsage,
): JudgedOverload[] {
  const subjectsOf = new Map<string, Set<string>>();
  for (const excess of excesses) {
    const name = keyName(excess);
    const subjects = subjectsOf.get(name);
    if (subjects === undefined) subjectsOf.set(name, new Set([excess.subject]));
    else subjects.add(excess.subject);
  }
  return [...usage.byKey]
    .flatMap(([name, key]) => {
      const subjects = subjectsOf.get(name) ?? new Set<string>();
      return judgedOverloads(
        overloadsOf(key),
        spans.filter(({ subject }) => subjects.has(subject)),
      );
    })
    .sort((a, b) => a.second - b.second || (keyName(a) < keyName(b) ? -1 : 1));
}

function totalsOf(subjects: readonly SubjectFigures[], overloads: readonly JudgedOverload[]): RuleTotals {
  const sum = (of: readonly SubjectFigures[], figure: (one: SubjectFigures) => number): number =>
    of.reduce((total, one) => total + figure(one), 0);
  const wrong = subjects.filter(({ wronglyHit }) => wronglyHit);
  const right = subjects.filter(({ wronglyHit }) => !wronglyHit);
  const leads = overloads.flatMap(({ leadSeconds }) => leadSeconds ?? []);
  return {
    subjects: subjects.length,
    wronglyHit: wrong.length,
    suspendedSeconds: sum(subjects, (one) => one.suspendedSeconds),
    wronglySuspendedSeconds: sum(wrong, (one) => one.suspendedSeconds),
    refusedRequests: sum(subjects, (one) => one.refusedRequests),
    savedUnits: sum(subjects, (one) => one.savedUnits),
    rightlySavedUnits: sum(right, (one) => one.savedUnits),
    overloads: overloads.length,
    headedOff: leads.length,
    leastLeadSeconds: leads.length === 0 ? undefined : Math.min(...leads),
  };
}
