/** A point of a curve with the letter that stands for it. */
export interface CurvePoint {
  readonly letter: string;
  readonly harm: number;
  readonly benefit: number;
}

const rows = 10;
const width = 56;

/**
 * Benefit against harm as a chart of characters: each point is its letter, the best corner is the upper left one. Points
 * on one place share it, and the first of them is shown.
 *
 * @param axes what the two directions measure, with their units
 */
export function curveChart(points: readonly CurvePoint[], axes: { harm: string; benefit: string }): string {
  const [mostHarm, mostBenefit] = [
    Math.max(1, ...points.map(({ harm }) => harm)),
    Math.max(1, ...points.map(({ benefit }) => benefit)),
  ];
  const grid = Array.from({ length: rows }, () => Array.from({ length: width }, () => ' '));
  for (const { letter, harm, benefit } of [...points].reverse()) {
    const row = rows - 1 - Math.round((benefit / mostBenefit) * (rows - 1));
    const column = Math.round((harm / mostHarm) * (width - 1));
    const line = grid[row];
    if (line !== undefined) line[column] = letter;
  }
  const [top, bottom] = [count(mostBenefit), '0'];
  const labelWidth = Math.max(top.length, bottom.length);
  const lines = grid.map((cells, row) => {
    const label = row === 0 ? top : row === rows - 1 ? bottom : '';
    return `${label.padStart(labelWidth)} │${cells.join('')}`.trimEnd();
  });
  const most = mostHarm.toLocaleString('en-US', { maximumFractionDigits: 1 });
  return (
    `${axes.benefit}\n${lines.join('\n')}\n${' '.repeat(labelWidth)} └${'─'.repeat(width)}\n` +
    `${' '.repeat(labelWidth + 2)}0${most.padStart(width - 1)}  ${axes.harm}\n`
  );
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
