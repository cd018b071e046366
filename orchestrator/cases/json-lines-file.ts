import { existsSync, readFileSync } from 'node:fs';
import { type Problem, messageOf } from '../user-fault';

/** A line that holds a JSON value. */
export interface JsonLine {
  /** From 1. */
  readonly line: number;
  readonly value: unknown;
}

/**
 * Reads a file of JSON lines. Empty lines and lines that begin with `//` are for people. What is no JSON is added to the
 * problems, under the name `file`.
 */
export function readJsonLines(path: string, file: string, problems: Problem[]): JsonLine[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text, index): JsonLine[] => {
      const line = index + 1;
      if (isForPeople(text)) return [];
      try {
        return [{ line, value: JSON.parse(text) as unknown }];
      } catch (cause) {
        problems.push({
          code: 'case-json',
          file,
          line,
          message: `this line is no JSON: ${messageOf(cause)}`,
        });
        return [];
      }
    });
}

/** Whether a line of such a file is empty or a comment. */
export function isForPeople(text: string): boolean {
  return text.trim() === '' || text.trimStart().startsWith('//');
}
