import { createTwoFilesPatch } from 'diff';
import type { Paint } from './paint';

/** Lines of SQL around what differs. */
const CONTEXT = 3;

/** A unified diff of two rendered releases; empty where they are the same. */
export function sqlDiff(from: string, to: string, paint: Paint): string {
  if (from === to) return '';
  const patch = createTwoFilesPatch('runs', 'wanted', from, to, '', '', { context: CONTEXT });
  const lines = patch
    .split('\n')
    .filter((line) => !line.startsWith('====') && !line.startsWith('\\ No newline'));
  return (
    lines
      .map((line) => coloured(line.trimEnd(), paint))
      .join('\n')
      .trim() + '\n'
  );
}

function coloured(line: string, paint: Paint): string {
  if (line.startsWith('---') || line.startsWith('+++')) return paint('bold', line);
  if (line.startsWith('@@')) return paint('cyan', line);
  if (line.startsWith('-')) return paint('red', line);
  if (line.startsWith('+')) return paint('green', line);
  return line;
}
