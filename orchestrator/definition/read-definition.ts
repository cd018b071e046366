import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DefinitionFault, messageOf, type Problem, UserFault } from '../user-fault';
import { applicationFile, type ApplicationFile } from './application-file';
import { checkDefinition } from './check-definition';
import { didYouMean } from './did-you-mean';
import { type JsonWithLines, parseJsonWithLines } from './json-lines';
import { schemaProblems } from './schema-problems';

/** An application's files as read and checked. */
export interface Definition extends Omit<ApplicationFile, '$schema'> {
  /** By path inside the application's folder: `application.json`, `tables/….sql`, `detections/….sql`. */
  files: ReadonlyMap<string, string>;
}

const SQL_FOLDERS = ['tables', 'detections'];
const KNOWN_KEYS = [
  ...['name', 'runtime', 'capacity', 'parameters', 'parallelism', 'parallelismPerKpu'],
  ...['type', 'default', 'min', 'max', 'doc'],
];

/** The applications that have a folder, in the order of their names. */
export function listApplications(root: string): string[] {
  if (!existsSync(root)) {
    throw new UserFault(
      `there is no folder ${root} with definitions: run the command where flink-sql/ is, or give --definitions FOLDER`,
    );
  }
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'application.json')))
    .sort();
}

/** The application of a command that names none: the only one there is. Throws a UserFault where there are others. */
export function onlyApplication(root: string, command: string): string {
  const [first, ...others] = listApplications(root);
  if (first !== undefined && others.length === 0) return first;
  const there = first === undefined ? 'there is none' : `there are ${[first, ...others].join(', ')}`;
  throw new UserFault(
    `which application? Name one, such as \`spillway ${command} ${first ?? 'throttle'}\`; in ${root} ${there}`,
  );
}

/**
 * Reads one application's folder. Throws a DefinitionFault with every problem of its files.
 */
export function readDefinition(root: string, application: string): Definition {
  const known = listApplications(root);
  if (!known.includes(application)) {
    throw new UserFault(
      `there is no application "${application}" in ${root}${didYouMean(application, known)}: ` +
        `an application is a folder with an application.json; there ${known.length === 0 ? 'is none' : `are ${known.join(', ')}`}`,
    );
  }
  const folder = join(root, application);
  const files = readFiles(folder);
  const place = `${application}/application.json`;
  const json = readJson(place, files.get('application.json') ?? '');
  const result = applicationFile.safeParse(json.value);
  if (!result.success) {
    throw new DefinitionFault(
      `application ${application}`,
      schemaProblems(place, json, result.error, KNOWN_KEYS),
    );
  }
  const { name, runtime, capacity, parameters } = result.data;
  const definition: Definition = { name, runtime, capacity, parameters, files };
  const problems = [...nameProblems(definition, folder, json), ...checkDefinition(definition, json, 'run')];
  if (problems.length > 0) throw new DefinitionFault(`application ${application}`, problems);
  return definition;
}

/** What reviewers do not let through although it runs. */
export function reviewProblems(definition: Definition): Problem[] {
  const json = readJson('application.json', definition.files.get('application.json') ?? '');
  return checkDefinition(definition, json, 'review');
}

/** Reads a JSON file's text; a DefinitionFault where it is no JSON. */
export function readJson(file: string, text: string): JsonWithLines {
  try {
    return parseJsonWithLines(text);
  } catch (cause) {
    throw new DefinitionFault(file, [{ code: 'not-json', file, line: 0, message: messageOf(cause) }]);
  }
}

function readFiles(folder: string): Map<string, string> {
  const files = new Map([['application.json', readFileSync(join(folder, 'application.json'), 'utf8')]]);
  for (const sqlFolder of SQL_FOLDERS) {
    const path = join(folder, sqlFolder);
    if (!existsSync(path)) continue;
    for (const name of readdirSync(path)
      .filter((file) => file.endsWith('.sql'))
      .sort()) {
      files.set(`${sqlFolder}/${name}`, readFileSync(join(path, name), 'utf8'));
    }
  }
  return files;
}

function nameProblems(definition: Definition, folder: string, json: JsonWithLines): Problem[] {
  if (definition.name === basename(folder)) return [];
  return [
    {
      code: 'application-name',
      file: `${basename(folder)}/application.json`,
      line: json.lineOf(['name']),
      message: `name is "${definition.name}", but the folder is ${basename(folder)}: give both the same name`,
    },
  ];
}
