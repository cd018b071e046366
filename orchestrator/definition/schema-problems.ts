import type { z } from 'zod';
import type { Problem } from '../user-fault';
import { didYouMean } from './did-you-mean';
import type { JsonWithLines } from './json-lines';

/** What a schema found wrong in a JSON file, each with its place; unknown keys come with the nearest known one. */
export function schemaProblems(
  file: string,
  json: JsonWithLines,
  error: z.ZodError,
  knownKeys: readonly string[],
): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const where = issue.path.length === 0 ? 'the file' : issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        code: 'unknown-key',
        file,
        line: json.lineOf([...issue.path, key]),
        message: `"${key}" is not known in ${where}${didYouMean(key, knownKeys)}`,
      }));
    }
    const message = issue.message.startsWith('is ') ? issue.message : `: ${issue.message}`;
    const line = json.lineOf(issue.path);
    return [
      { code: 'schema', file, line, message: `${where}${message.startsWith(':') ? '' : ' '}${message}` },
    ];
  });
}
