import { join } from 'node:path';
import { type Environment, readEnvironment } from '../definition/environments';
import { type ParameterTexts, parameterValues } from '../definition/parameter-values';
import { planProblems, unendingState } from '../definition/plan-problems';
import { listApplications, readDefinition, reviewProblems } from '../definition/read-definition';
import { retentionProblems } from '../definition/retention';
import { compilePlan } from '../release/compile-plan';
import { problemsForGitHub, problemsText } from '../report/problems-report';
import { pairs } from '../report/table';
import { DefinitionFault, type Problem } from '../user-fault';
import type { ValidateOptions } from './options';
import { EXIT_DONE, EXIT_FAILED, type Streams } from './streams';

interface Validated {
  readonly application: string;
  /** Empty where the files do not even read. */
  readonly parameters: ParameterTexts;
  readonly problems: readonly Problem[];
}

/**
 * `spillway validate [application]`: checks the files, and shows the values an environment gives. With `--plan` Flink
 * plans the SQL as well. Exits 1 where something is wrong.
 */
export async function validate(
  application: string | undefined,
  options: ValidateOptions,
  streams: Streams,
): Promise<number> {
  const names = application === undefined ? listApplications(options.definitions) : [application];
  const environmentsFile = options.environments ?? join(options.definitions, 'environments.json');
  const environment = readEnvironment(environmentsFile, options.env);
  const results: Validated[] = [];
  for (const name of names) results.push(await validated(name, environment, options));
  const problems = results.flatMap((result) => result.problems);
  streams.stdout.write(output(results, problems, environment, options));
  return problems.length === 0 ? EXIT_DONE : EXIT_FAILED;
}

async function validated(
  name: string,
  environment: Environment,
  options: ValidateOptions,
): Promise<Validated> {
  try {
    const definition = readDefinition(options.definitions, name);
    const parameters = parameterValues(definition, environment);
    const problems = [
      ...reviewProblems(definition),
      ...retentionProblems(definition, environment, parameters),
    ];
    if (options.plan) {
      const runner = { runnerJar: options.runner, workFolder: options.workFolder };
      problems.push(...unendingState(name, await compilePlan(definition, parameters, runner)));
    }
    return { application: name, parameters, problems };
  } catch (fault) {
    if (!(fault instanceof DefinitionFault)) throw fault;
    return { application: name, parameters: {}, problems: planProblems(fault) };
  }
}

function output(
  results: readonly Validated[],
  problems: readonly Problem[],
  environment: Environment,
  options: ValidateOptions,
): string {
  if (options.json) {
    const valid = results
      .filter((result) => result.problems.length === 0)
      .map(({ application, parameters }) => ({ application, parameters }));
    const document = {
      schemaVersion: 1,
      command: 'validate',
      environment: environment.name,
      valid,
      problems,
    };
    return `${JSON.stringify(document)}\n`;
  }
  if (options.format === 'github') return problemsForGitHub(problems, options.definitions);
  return results
    .map(({ application, parameters, problems: found }) =>
      found.length === 0
        ? `${application} is valid; in ${environment.name} it has\n${pairs(Object.entries(parameters), '  ')}\n`
        : `${application} has ${found.length === 1 ? 'one problem' : `${found.length} problems`}:\n${problemsText(found)}`,
    )
    .join('\n');
}
