import { element, setAttribute, setText, svg } from './dom.js';
import { count, percent } from './format.js';

const slots = 6;
const width = 600;
const height = 120;
const words = { suspended: 'suspended', over: 'over the limit', near: 'near the limit', under: '' };

/** One chart for each hot key, in slots that are always there; all have the same scale, so that they compare. */
export function heatCharts(container) {
  const charts = Array.from({ length: slots }, () => chart());
  container.append(...charts.map(({ card }) => card));
  return (view) => {
    const { heat, rule } = view;
    const peaks = heat.keys.map((key) => Math.max(key.peak, (key.limit ?? 0) * 1.25));
    const top = Math.max(1, (rule?.limit ?? 0) * 1.25, ...peaks) * 1.04;
    charts.forEach((one, index) => one.draw(heat.keys[index], view, top));
  };
}

function chart() {
  const name = element('h3');
  const chip = element('span', 'chip');
  const figure = element('p', 'share');
  const units = element('p', 'units');
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' });
  const bands = svg('g', { class: 'bands' });
  const area = svg('path', { class: 'area' });
  const limit = svg('path', { class: 'limit' });
  const line = svg('path', { class: 'line' });
  const base = svg('path', { class: 'base', d: `M0 ${height - 0.5}H${width}` });
  picture.append(bands, area, base, limit, line);
  const limitLabel = element('span', 'limit-label', 'limit');
  const plot = element('div', 'plot', picture, limitLabel);
  const axis = element(
    'div',
    'axis',
    element('span', '', '10 min ago'),
    element('span', '', '5'),
    element('span', '', 'now'),
  );
  const card = element('article', 'chart', element('header', '', name, chip, figure), units, plot, axis);
  return { card, draw };

  function draw(key, view, top) {
    card.dataset.state = key === undefined ? 'empty' : key.state;
    if (key === undefined) {
      for (const text of [name, figure, units, chip]) setText(text, '');
      for (const path of [area, line, limit]) setAttribute(path, 'd', '');
      bands.replaceChildren();
      limitLabel.hidden = true;
      setAttribute(picture, 'aria-label', 'no key');
      return;
    }
    const { fromSecond, stepSeconds, shownSeconds } = view.heat;
    const nowSecond = Math.floor(view.nowMs / 1000);
    const x = (second) => round(width - ((nowSecond - second) / shownSeconds) * width);
    const y = (heat) => round(height - (heat / top) * (height - 2));
    const points = key.points.map((heat, index) => `${x(fromSecond + index * stepSeconds)} ${y(heat)}`);
    // The newest step may be one second old.
    if (points.length > 0) points.push(`${width} ${y(key.heat)}`);
    const share = key.limit === null ? '' : percent(key.heat / key.limit);
    setText(name, key.subject || key.key);
    name.title = `${key.resource}, ${key.key}`;
    setText(chip, words[key.state]);
    setText(figure, share);
    setText(units, `${count(key.heat)} units, peak ${count(key.peak)}`);
    setAttribute(line, 'd', points.length === 0 ? '' : `M${points.join('L')}`);
    setAttribute(
      area,
      'd',
      points.length === 0 ? '' : `M${x(fromSecond)} ${height}L${points.join('L')}V${height}Z`,
    );
    setAttribute(limit, 'd', limitPath(key, x, y));
    limitLabel.hidden = key.limit === null;
    if (key.limit !== null) limitLabel.style.setProperty('--at', String(y(key.limit) / height));
    bands.replaceChildren(
      ...key.suspended.map(([fromMs, untilMs]) => {
        const left = Math.max(0, x(fromMs / 1000));
        const right = Math.min(width, x(untilMs / 1000));
        return svg('rect', { x: left, y: 0, width: Math.max(1, right - left), height });
      }),
    );
    setAttribute(
      picture,
      'aria-label',
      `${key.subject || key.key}: ${count(key.heat)} units ${share} ${words[key.state]}`,
    );
  }
}

/** The limit of now over all the time shown, with a step at each moment it was changed. */
function limitPath(key, x, y) {
  if (key.limitSteps.length === 0) return '';
  const [first, ...later] = key.limitSteps;
  const steps = later.map(([second, units]) => `H${x(second)}V${y(units)}`);
  return `M0 ${y(first[1])}${steps.join('')}H${width}`;
}

const round = (value) => Math.round(value * 10) / 10;
