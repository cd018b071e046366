import type { BacktestOutcome } from '../backtest/backtest';
import { sustainedSeconds } from '../backtest/overloads';
import { wronglyBelow } from '../backtest/rule-figures';
import { timeOf } from '../backtest/span';
import { curvePicture, subjectsPicture, timelinePicture } from './backtest-charts';
import {
  type BacktestReport,
  count,
  differences,
  figureRows,
  minutes,
  noticesOf,
  subjectRow,
} from './backtest-report';
import { backtestStyle } from './backtest-style';
import { escaped, tag } from './svg';

const mostSubjects = 200;

/** A backtest as one HTML file that loads nothing: charts are SVG, and each has a table with the same figures. */
export function backtestHtml(report: BacktestReport): string {
  const { application, environment, span, archive, detections, sweep, outcome } = report;
  const { old, rules } = outcome;
  const title = `Backtest of ${application} (${environment})`;
  const shown = rules.length === 1 ? (rules[0] ?? old) : old;
  const body = [
    tag('h1', {}, escaped(title)),
    tag(
      'p',
      { class: 'quiet' },
      escaped(
        `${timeOf(span.from)} to ${timeOf(span.until)} · ${detections.join(', ')} · archive: ${archive}`,
      ),
    ),
    ...rules
      .slice(0, sweep === undefined ? 1 : 0)
      .map(({ figures }) => tag('p', {}, escaped(`What is tried: ${differences(old.figures, figures)}`))),
    tiles(outcome),
    notices(outcome),
    ...(sweep === undefined ? [] : sweepSections(outcome)),
    ...(sweep === undefined
      ? [
          panel('When who would have been suspended', [
            rules.length === 1
              ? key([
                  ['before', 'old'],
                  ['after', 'new'],
                ])
              : '',
            timelinePicture([...(rules.length === 1 ? [old.figures] : []), shown.figures], span),
          ]),
          panel('Figures', [figures(outcome)]),
          panel(`Subjects, ${shown.figures.label}`, [subjects(outcome)]),
        ]
      : []),
    panel('How it is reckoned', [reckoned(outcome)]),
  ];
  return (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
    // Nothing is loaded from anywhere, not even by mistake.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n` +
    `<title>${escaped(title)}</title>\n<style>${backtestStyle}</style>\n</head>\n<body>\n<main>\n` +
    `${body.filter((part) => part !== '').join('\n')}\n</main>\n</body>\n</html>\n`
  );
}

function panel(heading: string, content: readonly string[]): string {
  return tag('section', {}, tag('h2', {}, escaped(heading)), ...content);
}

function tiles({ usage, old, rules }: BacktestOutcome): string {
  const last = rules.length === 1 ? rules[0] : undefined;
  const said: [string, string][] = [
    ['usage records', count(usage.records)],
    ['entries', count(usage.entries)],
    ['suspended by what runs', count(old.figures.totals.subjects)],
    ...(last === undefined
      ? ([['rules tried', count(rules.length)]] as [string, string][])
      : ([
          ['suspended by the new', count(last.figures.totals.subjects)],
          ['found', count(last.found.length)],
          ['released', count(last.released.length)],
        ] as [string, string][])),
  ];
  return tag(
    'section',
    { class: 'tiles' },
    ...said.map(([name, figure]) => tag('div', { class: 'tile' }, tag('strong', {}, figure), escaped(name))),
  );
}

function notices(outcome: BacktestOutcome): string {
  const found = noticesOf(outcome);
  return found.length === 0
    ? ''
    : tag('section', { class: 'notice' }, ...found.map((text) => tag('p', {}, escaped(text))));
}

function sweepSections({ old, rules }: BacktestOutcome): string[] {
  const all = [old, ...rules].map((rule) => rule.figures);
  const heading = [
    'rule',
    'suspended',
    'hit wrongly',
    'minutes',
    'of them wrongly',
    'requests refused',
    'units saved',
    'of them rightly',
    'headed off',
    'least lead',
    'found',
    'released',
  ];
  const lines = [old, ...rules].map(({ figures: { label, totals }, found, released }) => [
    label,
    count(totals.subjects),
    count(totals.wronglyHit),
    minutes(totals.suspendedSeconds),
    minutes(totals.wronglySuspendedSeconds),
    count(totals.refusedRequests),
    count(totals.savedUnits),
    count(totals.rightlySavedUnits),
    `${totals.headedOff} of ${totals.overloads}`,
    totals.leastLeadSeconds === undefined ? '–' : `${totals.leastLeadSeconds} s`,
    count(found.length),
    count(released.length),
  ]);
  return [
    panel('Benefit against harm', [
      curvePicture(
        old.figures,
        rules.map((rule) => rule.figures),
      ),
    ]),
    panel('Subjects suspended', [
      key([
        ['right', 'hit rightly'],
        ['wrong', 'hit wrongly'],
      ]),
      subjectsPicture(all),
    ]),
    panel('Figures', [table('sweep', heading, lines)]),
  ];
}

function figures({ old, rules }: BacktestOutcome): string {
  const columns = [old, ...rules].map((rule) => figureRows(rule.figures));
  const rows = (columns[0] ?? []).map(([name], row) => [
    name,
    ...columns.map((column) => column[row]?.[1] ?? ''),
  ]);
  return table('figures', ['', ...[old, ...rules].map((rule) => rule.figures.label)], rows);
}

function subjects({ old, rules }: BacktestOutcome): string {
  const { figures: of } = rules.length === 1 ? (rules[0] ?? old) : old;
  if (of.subjects.length === 0) return tag('p', {}, 'Nobody would be suspended.');
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
  const more = of.subjects.length - mostSubjects;
  return (
    table('subject-figures', heading, of.subjects.slice(0, mostSubjects).map(subjectRow)) +
    (more > 0 ? tag('p', { class: 'quiet' }, `and ${count(more)} more`) : '')
  );
}

function table(id: string, heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = tag('tr', {}, ...heading.map((text) => tag('th', { scope: 'col' }, escaped(text))));
  const lines = rows.map((row) =>
    tag(
      'tr',
      row[0] === 'old' ? { class: 'old' } : {},
      ...row.map((text) => tag('td', text === 'hit wrongly' ? { class: 'wrongly' } : {}, escaped(text))),
    ),
  );
  // It may be wider than the page, and is then moved by the keyboard as well.
  return tag(
    'div',
    { class: 'wide', tabindex: 0, role: 'region', 'aria-label': id.replace('-', ' ') },
    tag('table', { id }, tag('thead', {}, head), tag('tbody', {}, ...lines)),
  );
}

function key(parts: readonly (readonly [string, string])[]): string {
  return tag(
    'ul',
    { class: 'key' },
    ...parts.map(([name, text]) => tag('li', { class: name }, escaped(text))),
  );
}

function reckoned({ usage }: BacktestOutcome): string {
  const late = usage.late.length === 0 ? '' : ` ${count(usage.late.length)} entries were left out as late.`;
  return [
    `The application’s own SQL ran on Flink over the archive, in event time.${late}`,
    'Suspensions follow the policy as the suspender decides: episodes, offences, lengths. What a suspended subject writes counts as refused, and heats nothing.',
    'Requests refused and units saved are estimates: a refused client may try again, or stop. The archive holds what it wrote.',
    `A partition takes 1,000 write units a second. An overload begins at the first second at whose end the last ${sustainedSeconds} hold as much; it is headed off if someone who heated the key was suspended by then.`,
    `Without a list of known good subjects, one is hit wrongly if the keys it was suspended for never took ${wronglyBelow} units a second over ${sustainedSeconds} s.`,
  ]
    .map((text) => tag('p', { class: 'quiet' }, escaped(text)))
    .join('');
}
