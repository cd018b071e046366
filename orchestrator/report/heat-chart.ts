import type { HeatAt } from '../explain/recomputed-heat';

const rows = 8;
const widest = 60;
const blocks = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * The heat over time as a chart of characters, with the limit as a line of `┈`: each column is the greatest heat of some
 * seconds.
 */
export function heatChart(heats: readonly HeatAt[], limit: number): string {
  if (heats.length === 0) return '';
  const perColumn = Math.max(1, Math.ceil(heats.length / widest));
  const columns: number[] = [];
  for (let from = 0; from < heats.length; from += perColumn) {
    columns.push(Math.max(...heats.slice(from, from + perColumn).map(({ heat }) => heat)));
  }
  const top = Math.max(limit, ...columns, 1);
  const limitRow = Math.min(rows - 1, Math.floor((limit / top) * rows));
  const labelWidth = String(top).length;
  const lines: string[] = [];
  for (let row = rows - 1; row >= 0; row--) {
    const label = row === rows - 1 ? String(top) : row === limitRow ? String(limit) : row === 0 ? '0' : '';
    const cells = columns.map((heat) => {
      const filled = (heat / top) * rows - row;
      const block = blocks[Math.max(0, Math.min(8, Math.round(filled * 8)))] ?? ' ';
      return block === ' ' && row === limitRow ? '┈' : block;
    });
    lines.push(`${label.padStart(labelWidth)} │${cells.join('')}`);
  }
  const [first, last] = [heats[0], heats.at(-1)].map((at) => time(at?.second ?? 0));
  const gap = ' '.repeat(Math.max(1, columns.length - 16));
  return `${lines.join('\n')}\n${' '.repeat(labelWidth)} └${'─'.repeat(columns.length)}\n${' '.repeat(labelWidth + 2)}${first}${gap}${last}\n`;
}

function time(second: number): string {
  return new Date(second * 1000).toISOString().slice(11, 19);
}
