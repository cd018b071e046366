import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonLines } from '../../cases/json-lines-file';
import { readJson } from '../../definition/read-definition';
import { didYouMean } from '../../definition/did-you-mean';
import { schemaProblems } from '../../definition/schema-problems';
import { DefinitionFault, type Problem, UserFault } from '../../user-fault';
import type { BillingDefinition } from '../definition/read-billing-definition';
import { type GivenRelation, relationColumns, type Value } from '../sql/relations';
import { caseLine, type CaseRecord, recordOf } from './case-records';

const caseFile = z.strictObject({
  shows: z.string().min(1).describe('One sentence: what the situation shows'),
  period: z.string().regex(/^\d{4}-\d{2}$/),
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Values in place of those of definition.json'),
});

/** A row as a case's files write it: whole numbers and texts by column. */
export type CaseRow = Readonly<Record<string, unknown>>;

/** A situation beside the SQL: what lies in the archive, and the table that must come out. */
export interface BillingCase extends z.infer<typeof caseFile> {
  readonly definition: BillingDefinition;
  readonly name: string;
  readonly folder: string;
  readonly records: readonly CaseRecord[];
  readonly given: readonly GivenRelation[];
  readonly expected: readonly CaseRow[];
}

/** Names of a definition's cases; only the given one where one is given. */
export function billingCaseNames(root: string, definition: string, only: string | undefined): string[] {
  const folder = join(root, definition, 'cases');
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => existsSync(join(folder, name, 'case.json')))
        .sort()
    : [];
  if (only === undefined) return names;
  if (names.includes(only)) return [only];
  throw new UserFault(
    `${definition} has no case "${only}"${didYouMean(only, names)}; there are ${names.length === 0 ? 'none' : names.join(', ')}`,
  );
}

/** Reads a case. Throws a DefinitionFault with every problem of its files. */
export function readBillingCase(root: string, definition: BillingDefinition, name: string): BillingCase {
  const folder = join(root, definition.name, 'cases', name);
  const place = (file: string): string => `${definition.name}/cases/${name}/${file}`;
  const json = readJson(place('case.json'), readFileSync(join(folder, 'case.json'), 'utf8'));
  const parsed = caseFile.safeParse(json.value);
  if (!parsed.success) {
    const problems = schemaProblems(place('case.json'), json, parsed.error, Object.keys(caseFile.shape));
    throw new DefinitionFault(`case ${name}`, problems);
  }
  const problems: Problem[] = [];
  const lines = (file: string): ReturnType<typeof readJsonLines> =>
    readJsonLines(join(folder, file), place(file), problems);
  const read = <T>(file: string, schema: z.ZodType<T>): { line: number; value: T }[] =>
    lines(file).flatMap(({ line, value }) => {
      const result = schema.safeParse(value);
      if (result.success) return [{ line, value: result.data }];
      problems.push({
        code: 'case-line',
        file: place(file),
        line,
        message: z.prettifyError(result.error).replaceAll('\n', ' '),
      });
      return [];
    });
  const records = read('input.jsonl', caseLine).map(({ line, value }) => recordOf(value, line));
  const given = definition.reads.flatMap((relation) =>
    relation === 'entries'
      ? []
      : [{ name: relation, rows: read(`${relation}.jsonl`, givenRow(relation)).map(({ value }) => value) }],
  );
  const expected = read('expected.jsonl', z.record(z.string(), z.unknown())).map(({ value }) => value);
  if (problems.length > 0) throw new DefinitionFault(`case ${name}`, problems);
  return { ...parsed.data, definition, name, folder, records, given, expected };
}

/** A line of `counters.jsonl` or `suspensions.jsonl`; a moment is a text in UTC. */
export function givenRow(relation: GivenRelation['name']): z.ZodType<Value[]> {
  const columns = Object.entries(relationColumns[relation]);
  const shape = columns.map(([name, type]): [string, z.ZodType<Value>] => [
    name,
    type === 'VARCHAR'
      ? z.string()
      : name.endsWith('_second')
        ? z.iso.datetime().transform((text) => BigInt(Date.parse(text) / 1000))
        : z.number().int().nonnegative().transform(BigInt),
  ]);
  return z
    .strictObject(Object.fromEntries(shape))
    .transform((row) => columns.map(([name]) => row[name] ?? null));
}
