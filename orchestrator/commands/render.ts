import { join } from 'node:path';
import { readEnvironment } from '../definition/environments';
import { parameterValues } from '../definition/parameter-values';
import { listApplications, readDefinition } from '../definition/read-definition';
import { renderSql } from '../release/compile-plan';
import { type RenderOptions, parametersFrom } from './options';
import { EXIT_DONE, type Streams } from './streams';

/** `spillway render [application]`: the SQL that would run in an environment. Changes nothing. */
export async function render(
  application: string | undefined,
  options: RenderOptions,
  streams: Streams,
): Promise<number> {
  const names = application === undefined ? listApplications(options.definitions) : [application];
  const environmentsFile = options.environments ?? join(options.definitions, 'environments.json');
  const environment = readEnvironment(environmentsFile, options.env);
  const given = parametersFrom(options.set ?? []);
  const rendered: { application: string; parameters: object; sql: string }[] = [];
  for (const name of names) {
    const definition = readDefinition(options.definitions, name);
    const parameters = parameterValues(definition, environment, given);
    const runner = { runnerJar: options.runner, workFolder: options.workFolder };
    rendered.push({ application: name, parameters, sql: await renderSql(definition, parameters, runner) });
  }
  const document = {
    schemaVersion: 1,
    command: 'render',
    environment: environment.name,
    applications: rendered,
  };
  const text = rendered.map(({ application: name, sql }) => `-- ${name} in ${environment.name}\n\n${sql}`);
  streams.stdout.write(options.json ? `${JSON.stringify(document)}\n` : text.join('\n'));
  return EXIT_DONE;
}
