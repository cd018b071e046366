import type { RuleFigures } from '../backtest/rule-figures';
import type { Span } from '../comparison/compare-excesses';
import { timeOf } from '../backtest/span';
import { count, minutes } from './backtest-report';
import { escaped, picture, short, tag, ticks } from './svg';

const plot = { left: 68, right: 24, top: 24, bottom: 56 } as const;

interface Scale {
  readonly most: number;
  readonly marks: readonly number[];
  at(value: number): number;
}

function scale(most: number, from: number, to: number): Scale {
  const marks = ticks(most);
  const top = marks.at(-1) ?? 1;
  return { most: top, marks, at: (value) => from + (value / top) * (to - from) };
}

/** Lines across the plot with what they stand for, and what the two directions measure. */
function axes(
  size: { width: number; height: number },
  x: Scale | undefined,
  y: Scale,
  names: { x: string; y: string },
): string {
  const { left, right, top, bottom } = plot;
  const floor = size.height - bottom;
  const rows = y.marks.map(
    (mark) =>
      tag('line', { class: 'grid', x1: left, x2: size.width - right, y1: y.at(mark), y2: y.at(mark) }) +
      tag('text', { x: left - 8, y: y.at(mark) + 4, 'text-anchor': 'end' }, short(mark)),
  );
  const columns = (x?.marks ?? []).map((mark) =>
    tag('text', { x: x?.at(mark) ?? 0, y: floor + 18, 'text-anchor': 'middle' }, short(mark)),
  );
  return [
    ...rows,
    ...columns,
    tag('line', { class: 'axis', x1: left, x2: size.width - right, y1: floor, y2: floor }),
    tag('text', { class: 'name', x: left - 60, y: top - 10 }, escaped(names.y)),
    tag(
      'text',
      { class: 'name', x: size.width - right, y: size.height - 12, 'text-anchor': 'end' },
      escaped(names.x),
    ),
  ].join('');
}

/** The curve of a sweep: the benefit of each value against its harm, the old rule beside them. */
export function curvePicture(old: RuleFigures, rules: readonly RuleFigures[]): string {
  const size = { width: 720, height: 380 };
  const harmOf = ({ totals }: RuleFigures): number => totals.wronglySuspendedSeconds / 60;
  const benefitOf = ({ totals }: RuleFigures): number => totals.rightlySavedUnits;
  const all = [old, ...rules];
  const x = scale(Math.max(1, ...all.map(harmOf)), plot.left, size.width - plot.right);
  const y = scale(Math.max(1, ...all.map(benefitOf)), size.height - plot.bottom, plot.top + 12);
  const place = (rule: RuleFigures): string =>
    `${x.at(harmOf(rule)).toFixed(2)},${y.at(benefitOf(rule)).toFixed(2)}`;
  const points = rules.map((rule) => {
    const says = `${rule.label}: ${count(benefitOf(rule))} units saved, ${minutes(harmOf(rule) * 60)} minutes of those hit wrongly`;
    return tag(
      'g',
      { class: 'point' },
      tag(
        'circle',
        { cx: x.at(harmOf(rule)), cy: y.at(benefitOf(rule)), r: 6 },
        tag('title', {}, escaped(says)),
      ),
    );
  });
  const oldMark = tag(
    'g',
    { class: 'old' },
    tag('rect', { x: x.at(harmOf(old)) - 7, y: y.at(benefitOf(old)) - 7, width: 14, height: 14, rx: 2 }),
  );
  const described = all.map(
    (rule) => `${rule.label}: benefit ${count(benefitOf(rule))}, harm ${minutes(harmOf(rule) * 60)}`,
  );
  return picture(
    'curve',
    size,
    'Benefit against harm',
    `The best is the upper left corner. ${described.join('; ')}.`,
    axes(size, x, y, {
      x: 'harm: minutes suspended of those hit wrongly →',
      y: '↑ benefit: write units saved of those hit rightly',
    }),
    tag('polyline', { class: 'curve', points: rules.map(place).join(' ') }),
    oldMark,
    ...points,
    labels([
      ...rules.map((rule) => ({
        ...{ text: rule.label.replace(/^.*=/, ''), x: x.at(harmOf(rule)), y: y.at(benefitOf(rule)) },
      })),
      { text: 'what runs', x: x.at(harmOf(old)), y: y.at(benefitOf(old)) },
    ]),
  );
}

interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

const lineHeight = 15;
const characterWidth = 7.5;

/** Labels beside their points, each moved up or down until it covers no other; those of one place are put together. */
function labels(wanted: readonly Label[]): string {
  const together = new Map<string, Label>();
  for (const one of wanted) {
    const place = `${one.x.toFixed(1)} ${one.y.toFixed(1)}`;
    const before = together.get(place);
    together.set(place, before === undefined ? one : { ...one, text: `${before.text}, ${one.text}` });
  }
  const placed: Label[] = [];
  const covers = (x: number, y: number, text: string): boolean =>
    placed.some(
      (other) =>
        Math.abs(other.y - y) < lineHeight &&
        x < other.x + other.text.length * characterWidth &&
        other.x < x + text.length * characterWidth,
    );
  for (const { text, x, y } of [...together.values()].sort((a, b) => a.y - b.y)) {
    const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text;
    let at = y + 4;
    while (covers(x + 13, at, shown)) at += lineHeight;
    placed.push({ text: shown, x: x + 13, y: at });
  }
  return placed.map(({ text, x, y }) => tag('text', { class: 'label', x, y }, escaped(text))).join('');
}

/** How many subjects each rule suspends, rightly and wrongly, one above the other. */
export function subjectsPicture(all: readonly RuleFigures[]): string {
  const size = { width: 720, height: 280 };
  const y = scale(
    Math.max(4, ...all.map(({ totals }) => totals.subjects)),
    size.height - plot.bottom,
    plot.top + 12,
  );
  const each = (size.width - plot.left - plot.right) / all.length;
  const bar = Math.min(48, each * 0.6);
  const bars = all.map(({ label: name, totals }, at) => {
    const x = plot.left + each * (at + 0.5) - bar / 2;
    const right = totals.subjects - totals.wronglyHit;
    const says = `${name}: ${right} rightly, ${totals.wronglyHit} wrongly`;
    const rect = (part: string, from: number, to: number): string =>
      from === to
        ? ''
        : tag(
            'rect',
            { class: part, x, y: y.at(to), width: bar, height: y.at(from) - y.at(to) },
            tag('title', {}, escaped(says)),
          );
    return (
      rect('right', 0, right) +
      rect('wrong', right, totals.subjects) +
      tag(
        'text',
        { x: x + bar / 2, y: size.height - plot.bottom + 18, 'text-anchor': 'middle' },
        escaped(name.replace(/^.*=/, '')),
      )
    );
  });
  const described = all.map(
    ({ label: name, totals }) => `${name}: ${totals.subjects}, ${totals.wronglyHit} of them wrongly`,
  );
  return picture(
    'subjects',
    size,
    'Subjects suspended',
    `${described.join('; ')}.`,
    axes(size, undefined, y, { x: '', y: '↑ subjects suspended' }),
    ...bars,
  );
}

const mostLanes = 20;

/** When each subject would have been suspended, under the old rule and under the new one. */
export function timelinePicture(rules: readonly RuleFigures[], span: Span): string {
  const seconds = new Map<string, number>();
  for (const { subjects } of rules) {
    for (const { subject, suspendedSeconds } of subjects) {
      seconds.set(subject, Math.max(suspendedSeconds, seconds.get(subject) ?? 0));
    }
  }
  const lanes = [...seconds].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostLanes);
  const [left, right, laneHeight, top] = [150, 24, 30, 16];
  const size = { width: 720, height: top + Math.max(1, lanes.length) * laneHeight + 40 };
  const x = (ms: number): number =>
    left + ((ms / 1_000 - span.from) / (span.until - span.from)) * (size.width - left - right);
  const drawn = lanes.map(([subject], lane) => {
    const y = top + lane * laneHeight;
    const bars = rules.flatMap(({ label: name, subjects }, at) =>
      (subjects.find((one) => one.subject === subject)?.spans ?? []).map(({ sinceMs, untilMs }) => {
        const end = Math.min(untilMs, span.until * 1_000);
        const says = `${subject}, ${name}: ${timeOf(Math.floor(sinceMs / 1_000))} to ${timeOf(Math.floor(untilMs / 1_000))}`;
        const height = rules.length === 1 ? 18 : 10;
        return tag(
          'rect',
          {
            class: at === 0 && rules.length > 1 ? 'before' : 'after',
            ...{ x: x(sinceMs), y: y + 4 + at * 11, width: Math.max(2, x(end) - x(sinceMs)), height, rx: 2 },
          },
          tag('title', {}, escaped(says)),
        );
      }),
    );
    return (
      tag('line', {
        class: 'grid',
        x1: left,
        x2: size.width - right,
        y1: y + laneHeight,
        y2: y + laneHeight,
      }) +
      tag('text', { x: left - 10, y: y + 19, 'text-anchor': 'end' }, escaped(cut(subject))) +
      bars.join('')
    );
  });
  const floor = top + Math.max(1, lanes.length) * laneHeight + 20;
  const described = lanes.map(([subject, most]) => `${subject}: ${minutes(most)} minutes`);
  return picture(
    'timeline',
    size,
    'When who would have been suspended',
    `The longest suspended first. ${described.join('; ')}.`,
    ...drawn,
    tag('text', { x: left, y: floor }, timeOf(span.from)),
    tag('text', { x: size.width - right, y: floor, 'text-anchor': 'end' }, timeOf(span.until)),
  );
}

function cut(text: string): string {
  return text.length > 18 ? `${text.slice(0, 17)}…` : text;
}
