import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { headerOf } from '../definition/checks/detection-header';
import { didYouMean } from '../definition/did-you-mean';
import type { Environment } from '../definition/environments';
import { parseJsonWithLines } from '../definition/json-lines';
import { parameterValues, type ParameterTexts } from '../definition/parameter-values';
import type { Definition } from '../definition/read-definition';
import { sqlTokens } from '../definition/sql-tokens';
import { DefinitionFault, messageOf, type Problem, UserFault } from '../user-fault';
import { caseInput } from './case-input';
import type { GoldenCase, Row } from './golden-case';
import { readJsonLines } from './json-lines-file';

const caseFile = z.strictObject({
  /** One sentence: what this situation shows. */
  shows: z.string().min(10),
  /** Shards of the stream beside those that the input names: silent ones. */
  shards: z.array(z.string().min(1)).default([]),
  /** Tasks side by side. */
  parallelism: z.number().int().min(1).max(8).default(2),
});
const values = z.record(z.string(), z.unknown());
const row = z.record(z.string(), z.unknown());

/** Files of a case that are not a sink's rows. */
const INPUT = 'input.jsonl';

/** The names of an application's cases, or the one that is asked for. Throws a UserFault where there is none. */
export function caseNames(definitions: string, application: string, only?: string): string[] {
  const folder = join(definitions, application, 'cases');
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((each) => each.isDirectory())
        .map((each) => each.name)
        .sort()
    : [];
  if (only === undefined) return names;
  if (names.includes(only)) return [only];
  throw new UserFault(
    `${application} has no case "${only}"${didYouMean(only, names)}: a case is a folder of ${folder}; ` +
      `there ${names.length === 0 ? 'is none' : `are ${names.join(', ')}`}`,
  );
}

/** Reads a case's files. Throws a DefinitionFault with every problem, by file and line. */
export function readCase(definitions: string, definition: Definition, name: string): GoldenCase {
  const folder = join(definitions, definition.name, 'cases', name);
  const place = `${definition.name}/cases/${name}`;
  const problems: Problem[] = [];
  const about = readObject(folder, place, 'case.json', caseFile, problems, '{ "shows": "…" }');
  const input = caseInput(
    readJsonLines(join(folder, INPUT), `${place}/${INPUT}`, problems),
    about?.parallelism ?? 1,
    `${place}/${INPUT}`,
    problems,
  );
  const parameters = readParameters(folder, place, definition, problems);
  const expected = readExpected(folder, place, problems);
  if (problems.length > 0) throw new DefinitionFault(`case ${name} of ${definition.name}`, problems);
  return {
    application: definition.name,
    name,
    shows: about?.shows ?? '',
    folder,
    parameters,
    shards: [...new Set([...input.shards, ...(about?.shards ?? [])])],
    startMs: input.startMs,
    phases: input.phases,
    atOnce: speakingAtOnce(definition),
    referenced: referencedBy(join(definitions, definition.name), definition),
    expected,
  };
}

/** Detections go by the names of their files. */
function speakingAtOnce({ files }: Definition): string[] {
  return [...files].flatMap(([path, sql]) => {
    const isDetection = path.startsWith('detections/');
    return isDetection &&
      headerOf({ tokens: sqlTokens(sql) })
        .get('Speaks')
        ?.startsWith('at once') === true
      ? [basename(path, '.sql')]
      : [];
  });
}

/** The detections that `references/` of an application's folder answers in another way. What else lies there, they share. */
function referencedBy(application: string, { files }: Definition): string[] {
  const folder = join(application, 'references');
  const references = existsSync(folder) ? readdirSync(folder) : [];
  return references.filter((file) => files.has(`detections/${file}`)).map((file) => basename(file, '.sql'));
}

function readParameters(
  folder: string,
  place: string,
  definition: Definition,
  problems: Problem[],
): ParameterTexts {
  const file = 'parameters.json';
  const given = existsSync(join(folder, file)) ? readObject(folder, place, file, values, problems, '{}') : {};
  const text = existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '{}';
  const environment: Environment = {
    name: 'of the case',
    file: `${place}/${file}`,
    lineOf: (parameter) => parseJsonWithLines(text).lineOf([parameter]),
    region: 'us-east-1',
    account: '000000000000',
    codeBucket: 'cases',
    controlTable: 'cases',
    streams: { usage: 'usage', excess: 'excess', setAside: 'set-aside' },
    parameters: given ?? {},
  };
  if (given === undefined) return {};
  try {
    return parameterValues(definition, environment);
  } catch (fault) {
    if (!(fault instanceof DefinitionFault)) throw fault;
    problems.push(...fault.problems);
    return {};
  }
}

/** The rows by the table that must hold them: `excess.jsonl` for the table excess. */
function readExpected(folder: string, place: string, problems: Problem[]): Record<string, Row[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl') && file !== INPUT);
  return Object.fromEntries(
    files.map((file) => {
      const lines = readJsonLines(join(folder, file), `${place}/${file}`, problems);
      const rows = lines.flatMap(({ line, value }): Row[] => {
        const result = row.safeParse(value);
        if (result.success) return [result.data];
        const message = 'this line is no JSON object: a row has fields';
        problems.push({ code: 'case-row', file: `${place}/${file}`, line, message });
        return [];
      });
      return [file.slice(0, -'.jsonl'.length), rows];
    }),
  );
}

function readObject<T>(
  folder: string,
  place: string,
  file: string,
  schema: z.ZodType<T>,
  problems: Problem[],
  example: string,
): T | undefined {
  const say = (line: number, message: string): void =>
    void problems.push({ code: 'case-file', file: `${place}/${file}`, line, message });
  if (!existsSync(join(folder, file))) {
    say(0, `it is missing: write ${example}`);
    return undefined;
  }
  try {
    const json = parseJsonWithLines(readFileSync(join(folder, file), 'utf8'));
    const result = schema.safeParse(json.value);
    if (result.success) return result.data;
    for (const { path, message } of result.error.issues) {
      say(json.lineOf(path), `${path.map(String).join('.') || 'the file'}: ${message}`);
    }
  } catch (cause) {
    say(0, `it is no JSON: ${messageOf(cause)}`);
  }
  return undefined;
}
