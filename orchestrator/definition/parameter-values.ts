import { DefinitionFault, type Problem, UserFault } from '../user-fault';
import { didYouMean } from './did-you-mean';
import type { Environment } from './environments';
import { checkParameter, valueFromText } from './parameters';
import type { Definition } from './read-definition';

/** Values of all parameters as texts, as Managed Flink hands them to the job; sorted by name. */
export type ParameterTexts = Readonly<Record<string, string>>;

/** Managed Flink's limit for a property's value (developer guide, "Access runtime properties"). */
const LONGEST_TEXT = 2048;

/**
 * One checked value for each parameter: the default, over it the environment's streams and values, over them
 * what was given on the command line. Throws a DefinitionFault with every problem.
 */
export function parameterValues(
  definition: Definition,
  environment: Environment,
  given: ReadonlyMap<string, string> = new Map(),
): ParameterTexts {
  const names = Object.keys(definition.parameters);
  refuseUnknownOptions(names, given);
  const problems = unknownInEnvironment(names, environment);
  const texts: [string, string][] = [];
  for (const name of [...names].sort()) {
    const { value, place } = sourceOf(name, definition, environment, given);
    const declaration = definition.parameters[name];
    if (declaration === undefined) continue;
    if (value === undefined) {
      const message = `${name} has no default and no value was given: set it in parameters of environment ${environment.name}`;
      problems.push({ code: 'parameter-missing', file: environment.file, line: 0, message });
      continue;
    }
    const checked = checkParameter(declaration, value);
    if (!checked.ok) {
      problems.push({ code: checked.code, ...place, message: `${name} ${checked.reason}` });
    } else if (checked.text.length > LONGEST_TEXT) {
      const message = `${name} has ${checked.text.length} characters, but a property of Managed Flink holds ${LONGEST_TEXT}`;
      problems.push({ code: 'parameter-length', ...place, message });
    } else texts.push([name, checked.text]);
  }
  if (problems.length > 0) throw new DefinitionFault(`environment ${environment.name}`, problems);
  return Object.fromEntries(texts);
}

function refuseUnknownOptions(names: readonly string[], given: ReadonlyMap<string, string>): void {
  for (const name of given.keys()) {
    if (!names.includes(name)) {
      throw new UserFault(
        `--set ${name}: there is no such parameter${didYouMean(name, names)}; there are ${names.join(', ')}`,
      );
    }
  }
}

function unknownInEnvironment(names: readonly string[], environment: Environment): Problem[] {
  return Object.keys(environment.parameters ?? {})
    .filter((name) => !names.includes(name))
    .map((name) => ({
      code: 'parameter-unknown',
      file: environment.file,
      line: environment.lineOf(name),
      message: `"${name}" is no parameter${didYouMean(name, names)}; there are ${names.join(', ')}`,
    }));
}

function sourceOf(
  name: string,
  definition: Definition,
  environment: Environment,
  given: ReadonlyMap<string, string>,
): { value: unknown; place: { file: string; line: number } } {
  const declaration = definition.parameters[name];
  const text = given.get(name);
  if (text !== undefined && declaration !== undefined) {
    return { value: valueFromText(declaration, text), place: { file: `--set ${name}`, line: 0 } };
  }
  const place = { file: environment.file, line: environment.lineOf(name) };
  const value = environment.parameters?.[name] ?? streamArns(environment)[name] ?? declaration?.default;
  return { value, place };
}

function streamArns({ region, account, streams }: Environment): Readonly<Record<string, string>> {
  const arn = (stream: string): string => `arn:aws:kinesis:${region}:${account}:stream/${stream}`;
  return {
    usage_stream: arn(streams.usage),
    excess_stream: arn(streams.excess),
    set_aside_stream: arn(streams.setAside),
  };
}
