import type { BacktestOutcome, RuleOutcome } from '../backtest/backtest';
import type { RuleFigures, SubjectFigures } from '../backtest/rule-figures';
import { sustainedSeconds } from '../backtest/overloads';
import { timeOf } from '../backtest/span';
import type { Span } from '../comparison/compare-excesses';
import { curveChart } from './curve-chart';
import { columns, pairs } from './table';

/** A backtest as its reports tell it. */
export interface BacktestReport {
  readonly application: string;
  readonly environment: string;
  readonly span: Span;
  /** Where the archive lies, for people. */
  readonly archive: string;
  readonly detections: readonly string[];
  /** The parameter of a sweep. */
  readonly sweep?: string | undefined;
  readonly outcome: BacktestOutcome;
}

const mostSubjects = 20;
const mostOverloads = 10;
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** For people. */
export function backtestText(report: BacktestReport): string {
  const { outcome, sweep } = report;
  const parts = [title(report), usageLines(outcome), figuresTable(outcome)];
  if (sweep !== undefined) parts.push(curve(outcome));
  const last = outcome.rules.at(-1);
  if (outcome.rules.length === 1 && last !== undefined) {
    const subjects = [...new Set([...last.found, ...last.released])].length;
    parts.push(
      `found     ${people(last.found)}\nreleased  ${people(last.released)}\n` +
        (subjects === 0 ? 'Both suspend the same subjects.\n' : ''),
      overloadsTable(last.figures),
    );
  }
  if (sweep === undefined) parts.push(subjectsTable((last ?? outcome.old).figures));
  parts.push(notices(outcome), estimate);
  return parts.filter((part) => part !== '').join('\n');
}

/** The JSON document of `backtest --json`. */
export function backtestJson(report: BacktestReport): object {
  const { application, environment, span, archive, detections, sweep, outcome } = report;
  return {
    schemaVersion: 1,
    command: 'backtest',
    ...{ environment, application, archive, detections, ...(sweep === undefined ? {} : { sweep }) },
    ...{ from: span.from, until: span.until },
    usage: outcome.usage,
    old: ruleJson(outcome.old),
    rules: outcome.rules.map(ruleJson),
    ...(outcome.comparison === undefined ? {} : { episodes: outcome.comparison.episodes }),
    cpuSeconds: outcome.cpuSeconds,
    estimates: ['refusedRequests', 'savedUnits', 'rightlySavedUnits'],
  };
}

function ruleJson({ figures, found, released }: RuleOutcome): object {
  return { ...figures, found, released };
}

/** The rows of the table of figures, by what they say: the same in the terminal and in the HTML report. */
export function figureRows({ totals, excesses, exempted }: RuleFigures): [string, string][] {
  const { overloads, headedOff, leastLeadSeconds } = totals;
  return [
    ['excesses', count(excesses)],
    ['subjects suspended', count(totals.subjects)],
    ['of them hit wrongly', count(totals.wronglyHit)],
    ['exempt, so not suspended', count(exempted.length)],
    ['minutes suspended', minutes(totals.suspendedSeconds)],
    ['of them of the wrongly hit', minutes(totals.wronglySuspendedSeconds)],
    ['requests refused (estimate)', count(totals.refusedRequests)],
    ['write units saved (estimate)', count(totals.savedUnits)],
    ['overloads headed off', `${headedOff} of ${overloads}`],
    ['least lead before one', leastLeadSeconds === undefined ? '-' : `${leastLeadSeconds} s`],
  ];
}

function title({ application, environment, span, archive, detections }: BacktestReport): string {
  return (
    `${application} (${environment}), ${timeOf(span.from)} to ${timeOf(span.until)}, by the archive ${archive}\n` +
    `detections: ${detections.join(', ')}\n`
  );
}

function usageLines({ usage, old, rules }: BacktestOutcome): string {
  const { records, entries, again, fromTheFuture, late } = usage;
  const lines = [
    `${count(records)} usage records with ${count(entries)} entries; ${count(again)} delivered again`,
  ];
  if (fromTheFuture > 0)
    lines.push(`${count(fromTheFuture)} records left out: their second is after their arrival`);
  if (late.length > 0) {
    const shown = late.slice(0, 5).map(({ subject, resource, second, units }) => {
      return `${subject} on ${resource} at ${timeOf(second)}, ${units} units`;
    });
    const more = late.length > shown.length ? `; and ${late.length - shown.length} more, see --json` : '';
    lines.push(`${count(late.length)} entries left out as late: ${shown.join('; ')}${more}`);
  }
  const differing = rules.map((rule) => [rule.figures.label, differences(old.figures, rule.figures)]);
  const named = rules.length === 1 ? differing.map(([label, text]) => `${label}: ${text}`) : [];
  return `${[...lines, ...named].join('\n')}\n`;
}

/** What one has otherwise than the other: `limit 60000 -> 30000`. */
export function differences(old: RuleFigures, other: RuleFigures): string {
  const changed = Object.keys(other.parameters).filter(
    (name) => old.parameters[name] !== other.parameters[name],
  );
  if (changed.length === 0) return 'the same parameters';
  return changed
    .map((name) => `${name} ${old.parameters[name] ?? '-'} -> ${other.parameters[name] ?? '-'}`)
    .join(', ');
}

/** A column for each rule, or, where a sweep has many, a line for each. */
function figuresTable({ old, rules }: BacktestOutcome): string {
  const all = [old, ...rules].map(({ figures }) => figures);
  if (all.length <= 3) {
    const cells = all.map(figureRows);
    const labels = cells[0]?.map(([label]) => label) ?? [];
    const rows = labels.map((label, row) => [label, ...cells.map((column) => column[row]?.[1] ?? '')]);
    return `${columns(['', ...all.map(({ label }) => label)], rows)}\n`;
  }
  const heading = [
    '',
    'rule',
    'suspended',
    'wrongly',
    'minutes',
    'wrongly',
    'refused',
    'units saved',
    'headed off',
    'least lead',
  ];
  const rows = all.map((figures, at) => {
    const { totals } = figures;
    return [
      at === 0 ? 'o' : (letters[at - 1] ?? ''),
      figures.label,
      count(totals.subjects),
      count(totals.wronglyHit),
      minutes(totals.suspendedSeconds),
      minutes(totals.wronglySuspendedSeconds),
      count(totals.refusedRequests),
      count(totals.savedUnits),
      `${totals.headedOff} of ${totals.overloads}`,
      totals.leastLeadSeconds === undefined ? '-' : `${totals.leastLeadSeconds} s`,
    ];
  });
  return `${columns(heading, rows)}\n`;
}

function curve({ old, rules }: BacktestOutcome): string {
  const points = [old, ...rules].map(({ figures: { totals } }, at) => ({
    letter: at === 0 ? 'o' : (letters[at - 1] ?? '?'),
    harm: totals.wronglySuspendedSeconds / 60,
    benefit: totals.rightlySavedUnits,
  }));
  return curveChart(points, {
    benefit: 'benefit: write units saved of those hit rightly (estimate)',
    harm: 'harm: minutes suspended of those hit wrongly',
  });
}

function subjectsTable({ subjects, label }: RuleFigures): string {
  if (subjects.length === 0) return `${label}: nobody would be suspended\n`;
  const heading = [
    'subject',
    'suspensions',
    'minutes',
    'offences',
    'refused',
    'units saved',
    'busiest units/s',
    '',
  ];
  const rows = subjects.slice(0, mostSubjects).map(subjectRow);
  const more = subjects.length - rows.length;
  return `${label}:\n${columns(heading, rows)}\n${more > 0 ? `and ${more} more, see --json\n` : ''}`;
}

export function subjectRow(one: SubjectFigures): string[] {
  return [
    one.subject,
    count(one.suspensions),
    minutes(one.suspendedSeconds),
    count(one.mostOffences),
    count(one.refusedRequests),
    count(one.savedUnits),
    count(one.busiestUnitsPerSecond),
    one.wronglyHit ? 'hit wrongly' : '',
  ];
}

function overloadsTable({ overloads }: RuleFigures): string {
  if (overloads.length === 0) return '';
  const rows = overloads
    .slice(0, mostOverloads)
    .map(({ resource, key, second, unitsPerSecond, leadSeconds }) => [
      timeOf(second),
      resource,
      key,
      count(unitsPerSecond),
      leadSeconds === undefined ? 'not headed off' : `${leadSeconds} s before`,
    ]);
  const more = overloads.length - rows.length;
  return (
    `${columns(['partition limit reached', 'resource', 'key', 'units/s', 'suspended'], rows)}\n` +
    (more > 0 ? `and ${more} more, see --json\n` : '')
  );
}

/** What a reader must know before believing the figures. */
export function noticesOf({ old, rules }: BacktestOutcome): string[] {
  return [old, ...rules].flatMap(({ figures: { label, breakerOpensMs, notEnforced } }) => [
    ...(breakerOpensMs === undefined
      ? []
      : [
          `${label}: the breaker would open at ${timeOf(Math.floor(breakerOpensMs / 1_000))}, and nobody be suspended until ` +
            'it is reset; the figures take it to be reset at once',
        ]),
    ...(notEnforced.length === 0
      ? []
      : [
          `${label}: the policy does not enforce what ${people(notEnforced)} did: they are not counted as suspended`,
        ]),
  ]);
}

function notices(outcome: BacktestOutcome): string {
  return noticesOf(outcome)
    .map((text) => `! ${text}\n`)
    .join('');
}

const estimate = `${pairs([
  [
    'estimate',
    'a refused client may try again, or stop: the archive holds what it wrote, not what it would have',
  ],
  ['overload', `a key that takes 1,000 write units a second over ${sustainedSeconds} s`],
])}\n`;

function people(subjects: readonly string[]): string {
  if (subjects.length === 0) return 'nobody';
  const named = subjects.slice(0, 5).join(', ');
  return subjects.length <= 5 ? named : `${named} and ${subjects.length - 5} more`;
}

export function minutes(seconds: number): string {
  return (seconds / 60).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}
