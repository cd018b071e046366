import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentFile } from '../definition/environment-file';
import { readDefinition, reviewProblems } from '../definition/read-definition';
import { durationSeconds } from '../definition/parameters';
import { writeApplication } from '../init/new-application';
import { writeEnvironment } from '../init/new-environment';
import { DefinitionFault, UserFault } from '../user-fault';
import { hasTerminal, type Person, personAt } from './ask';
import { countOf } from './options';
import { EXIT_DONE, type Streams } from './streams';

export interface InitApplicationOptions {
  json: boolean;
  definitions: string;
  detection?: string;
  window?: string;
  limit?: string;
}

export interface InitEnvironmentOptions {
  json: boolean;
  definitions: string;
  environments?: string;
  region?: string;
  account?: string;
  outputs?: string;
  codeBucket?: string;
  controlTable?: string;
  usageStream?: string;
  excessStream?: string;
  setAsideStream?: string;
}

/** The largest limit that makes sense: what one partition gives in an hour is far less. */
const MOST_UNITS = 1_000_000_000;

/** `spillway init application [name]`: a small application that validates, from questions or options. */
export async function initApplication(
  named: string | undefined,
  options: InitApplicationOptions,
  streams: Streams,
): Promise<number> {
  return withPerson(streams, (person) => newApplication(named, options, streams, person));
}

async function newApplication(
  named: string | undefined,
  options: InitApplicationOptions,
  streams: Streams,
  person: Person | undefined,
): Promise<number> {
  const name = await given('name', named, 'What is the application called', undefined, person);
  const detection = await given(
    '--detection',
    options.detection,
    'What is its detection called',
    'heat',
    person,
  );
  const window = await given('--window', options.window, 'How long is a window', '2m', person);
  const limit = await given('--limit', options.limit, 'How many write units may it hold', '60000', person);
  for (const [what, text] of [
    ['name', name],
    ['--detection', detection],
  ] as const) {
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(text)) {
      throw new UserFault(`${what} is "${text}": use lower-case letters, digits and "-", a letter first`);
    }
  }
  const seconds = durationSeconds(window);
  if (seconds === undefined || seconds < 1 || seconds > 3600) {
    throw new UserFault(`--window is "${window}". Give a duration from 1s to 1h, such as 2m.`);
  }
  const application = { name, detection, window, limit: countOf('--limit', limit, MOST_UNITS) };
  if (!existsSync(options.definitions)) mkdirSync(options.definitions, { recursive: true });
  const files = writeApplication(options.definitions, application);
  const problems = reviewProblems(readDefinition(options.definitions, name));
  if (problems.length > 0) throw new DefinitionFault(`application ${name}`, problems);
  const next = [
    `spillway validate ${name} --plan`,
    `spillway test ${name}`,
    `spillway apply ${name} --env local`,
  ];
  const document = { schemaVersion: 1, command: 'init application', application: name, files, next };
  const text =
    `made ${files.map((file) => join(options.definitions, file)).join('\n     ')}\n` +
    `read detections/${detection}.sql first; then\n${next.map((line) => `  ${line}\n`).join('')}`;
  streams.stdout.write(options.json ? `${JSON.stringify(document)}\n` : text);
  return EXIT_DONE;
}

/** `spillway init environment [name]`: an entry of environments.json, from questions or options. */
export async function initEnvironment(
  named: string | undefined,
  options: InitEnvironmentOptions,
  streams: Streams,
): Promise<number> {
  return withPerson(streams, (person) => newEnvironment(named, options, streams, person));
}

async function newEnvironment(
  named: string | undefined,
  options: InitEnvironmentOptions,
  streams: Streams,
  person: Person | undefined,
): Promise<number> {
  const name = await given('name', named, 'What is the environment called', undefined, person);
  const region = await given('--region', options.region, 'In which region is it', undefined, person);
  const account = await given(
    '--account',
    options.account,
    'Which account is it (12 digits)',
    undefined,
    person,
  );
  const places = await placesOf(options, person);
  const file = options.environments ?? join(options.definitions, 'environments.json');
  writeEnvironment(file, name, { region, account, ...places });
  const next = [`spillway doctor --env ${name}`, `spillway validate --env ${name}`];
  const document = { schemaVersion: 1, command: 'init environment', environment: name, file, next };
  const text = `${name} is in ${file}; then\n${next.map((line) => `  ${line}\n`).join('')}`;
  streams.stdout.write(options.json ? `${JSON.stringify(document)}\n` : text);
  return EXIT_DONE;
}

/** Where things are: in CDK's outputs, or by their names. */
async function placesOf(
  options: InitEnvironmentOptions,
  person: Person | undefined,
): Promise<Pick<EnvironmentFile, 'outputs' | 'codeBucket' | 'controlTable' | 'streams'>> {
  const { codeBucket, controlTable, usageStream, excessStream, setAsideStream } = options;
  const names = [codeBucket, controlTable, usageStream, excessStream, setAsideStream];
  if (options.outputs !== undefined) return { outputs: options.outputs };
  if (names.every((one) => one === undefined)) {
    const question =
      'Which file did `cdk deploy --outputs-file` write (from the folder of environments.json)';
    return { outputs: await given('--outputs', undefined, question, '../cdk-outputs.json', person) };
  }
  const one = (option: string, value: string | undefined, what: string): Promise<string> =>
    given(option, value, `What is ${what} called`, undefined, person);
  return {
    codeBucket: await one('--code-bucket', codeBucket, 'the code bucket'),
    controlTable: await one('--control-table', controlTable, 'the control table'),
    streams: {
      usage: await one('--usage-stream', usageStream, 'the usage stream'),
      excess: await one('--excess-stream', excessStream, 'the excess stream'),
      setAside: await one('--set-aside-stream', setAsideStream, 'the stream for what is set aside'),
    },
  };
}

/**
 * An answer: the option's, else a person's, else the default. Without a terminal, what has no default must be given.
 */
async function given(
  option: string,
  value: string | undefined,
  question: string,
  byDefault: string | undefined,
  person: Person | undefined,
): Promise<string> {
  if (value !== undefined) return value;
  if (person === undefined) {
    if (byDefault !== undefined && option !== '--outputs') return byDefault;
    throw new UserFault(
      option === '--outputs'
        ? 'where is what CDK made? Give --outputs FILE, or --code-bucket, --control-table, --usage-stream, --excess-stream and --set-aside-stream'
        : `${question.toLowerCase()}? There is no terminal to ask: give ${option === 'name' ? 'its name' : option}`,
    );
  }
  const answer = await person.ask(`${question}?${byDefault === undefined ? '' : ` [${byDefault}]`} `);
  if (answer !== '') return answer;
  if (byDefault !== undefined) return byDefault;
  throw new UserFault(`${question.toLowerCase()}? Nothing was given, and nothing was written`);
}

async function withPerson(
  streams: Streams,
  work: (person: Person | undefined) => Promise<number>,
): Promise<number> {
  const person = hasTerminal(streams) ? personAt(streams) : undefined;
  try {
    return await work(person);
  } finally {
    person?.close();
  }
}
