import { styleText } from 'node:util';

/** Prints what happens, one line each, with the time since the start. Talk goes to stderr: stdout is for results. */
export class Narration {
  private readonly startedMs = Date.now();

  constructor(private readonly write: (text: string) => void) {}

  heading(text: string): void {
    this.write(`\n${styleText('bold', text, { stream: process.stderr })}\n`);
  }

  /** One event: its word, aligned, and what happened. */
  event(word: string, text: string): void {
    const seconds = ((Date.now() - this.startedMs) / 1000).toFixed(1).padStart(6);
    this.write(
      `${styleText('dim', `${seconds} s`, { stream: process.stderr })}  ${word.padEnd(9)} ${text}\n`,
    );
  }
}

/** `12,345`: a whole number as people read it. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `6.4 s`, or `–` where nothing was measured. */
export function seconds(ms: number | null): string {
  return ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`;
}

/** The heat against the limit: ten cells up to the limit, up to three beyond it, and the figure. */
export function heatBar(heat: number, limit: number): string {
  const cells = Math.min(13, Math.floor((heat / limit) * 10));
  const upTo = '█'.repeat(Math.min(cells, 10)).padEnd(10, '░');
  return `${upTo}|${'█'.repeat(Math.max(0, cells - 10)).padEnd(3)} ${count(heat).padStart(7)}`;
}

/** Rows under each other, the first column to the left and the second to the right. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const names = Math.max(...rows.map(([name]) => name.length));
  const values = Math.max(...rows.map(([, value]) => value.length));
  return rows.map(([name, value]) => `  ${name.padEnd(names)}  ${value.padStart(values)}\n`).join('');
}
