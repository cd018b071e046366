import { readJsonLines } from '../cases/json-lines-file';
import { z } from 'zod';
import { existsSync } from 'node:fs';
import { DefinitionFault, type Problem, UserFault } from '../user-fault';
import { givenRow } from './cases/billing-case';
import type { GivenRelation, Value } from './sql/relations';

/** Reads a relation from a file of JSON lines, such as a case has them. Throws every problem of it at once. */
export function givenFromFile(name: GivenRelation['name'], path: string): GivenRelation {
  if (!existsSync(path)) throw new UserFault(`--${name} ${path}: there is no such file`);
  const problems: Problem[] = [];
  const rows = readJsonLines(path, path, problems).flatMap(({ line, value }): Value[][] => {
    const parsed = givenRow(name).safeParse(value);
    if (parsed.success) return [parsed.data];
    const message = z.prettifyError(parsed.error).replaceAll('\n', ' ');
    problems.push({ code: 'given-row', file: path, line, message });
    return [];
  });
  if (problems.length > 0) throw new DefinitionFault(`--${name}`, problems);
  return sorted({ name, rows });
}

/** In one order, whatever order they came in: the same rows are the same input. */
export function sorted({ name, rows }: GivenRelation): GivenRelation {
  const text = (row: readonly Value[]): string => JSON.stringify(row.map(String));
  return { name, rows: [...rows].sort((a, b) => (text(a) < text(b) ? -1 : 1)) };
}
