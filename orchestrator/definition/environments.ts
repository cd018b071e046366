import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DefinitionFault, UserFault } from '../user-fault';
import { outputKeys, withCdkOutputs } from './cdk-outputs';
import { didYouMean } from './did-you-mean';
import { environmentFile, type EnvironmentFile, functionNames, streamNames } from './environment-file';
import type { JsonWithLines } from './json-lines';
import { readJson } from './read-definition';
import { schemaProblems } from './schema-problems';

/** Where an application runs. */
export interface Environment extends EnvironmentFile {
  name: string;
  codeBucket: string;
  controlTable: string;
  streams: NonNullable<EnvironmentFile['streams']>;
  /** The line of a parameter's value in the environments file, for problems. */
  lineOf(parameter: string): number;
  file: string;
}

/** Reads one environment from the environments file. Throws what is wrong with the file or the name. */
export function readEnvironment(file: string, name: string): Environment {
  if (!existsSync(file)) {
    throw new UserFault(
      `there is no ${file}: it says where applications run ` +
        '({ "local": { "region": …, "account": …, "codeBucket": …, "controlTable": …, "streams": {…} } })',
    );
  }
  const json = readJson(file, readFileSync(file, 'utf8'));
  const entries = entriesOf(file, json);
  const known = Object.keys(entries).filter((key) => key !== '$schema');
  if (!known.includes(name)) {
    throw new UserFault(
      `there is no environment "${name}" in ${file}${didYouMean(name, known)}; there are ${known.join(', ')}`,
    );
  }
  const result = environmentFile.safeParse(entries[name]);
  if (!result.success) {
    const keys = [environmentFile, streamNames, functionNames].flatMap(({ shape }) => Object.keys(shape));
    const problems = schemaProblems(basename(file), json, result.error, keys).map((problem, index) => ({
      ...problem,
      line: json.lineOf([name, ...(result.error.issues[index]?.path ?? [])]),
    }));
    throw new DefinitionFault(`environment ${name}`, problems);
  }
  const entry = withCdkOutputs(result.data, file);
  const { codeBucket, controlTable, streams } = entry;
  if (codeBucket === undefined || controlTable === undefined || streams === undefined) {
    const line = json.lineOf([name]);
    const problem = { code: 'environment-incomplete', file: basename(file), line, message: missing(entry) };
    throw new DefinitionFault(`environment ${name}`, [problem]);
  }
  return {
    ...entry,
    codeBucket,
    controlTable,
    streams,
    name,
    file: basename(file),
    lineOf: (parameter) => json.lineOf([name, 'parameters', parameter]),
  };
}

function entriesOf(file: string, json: JsonWithLines): Record<string, unknown> {
  if (typeof json.value === 'object' && json.value !== null && !Array.isArray(json.value)) {
    return json.value as Record<string, unknown>;
  }
  throw new UserFault(`${file} must be an object of environments by their names`);
}

function missing(entry: EnvironmentFile): string {
  const names = (['codeBucket', 'controlTable', 'streams'] as const).filter(
    (key) => entry[key] === undefined,
  );
  const keys = Object.entries(outputKeys)
    .filter(([, place]) => names.some((name) => place.startsWith(name)))
    .map(([key]) => key);
  const what = `it has no ${names.join(' and no ')}`;
  return entry.outputs === undefined
    ? `${what}: give it, or name the file of \`cdk deploy --outputs-file\` as outputs`
    : `${what}, and ${entry.outputs} has not all of ${keys.join(', ')}: deploy the infrastructure, and write its outputs again`;
}
