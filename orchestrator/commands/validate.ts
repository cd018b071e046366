import { join } from 'node:path';
import { readEnvironment } from '../definition/environments';
import { parameterValues } from '../definition/parameter-values';
import { listApplications, readDefinition } from '../definition/read-definition';
import { pairs } from '../report/table';
import type { CommonOptions } from './options';
import { EXIT_DONE, type Streams } from './streams';

/** `spillway validate [application]`: reads and checks the files, and shows the values an environment gives. */
export async function validate(
  application: string | undefined,
  options: CommonOptions,
  streams: Streams,
): Promise<number> {
  const names = application === undefined ? listApplications(options.definitions) : [application];
  const environmentsFile = options.environments ?? join(options.definitions, 'environments.json');
  const environment = readEnvironment(environmentsFile, options.env);
  const results = names.map((name) => ({
    application: name,
    parameters: parameterValues(readDefinition(options.definitions, name), environment),
  }));
  const document = { schemaVersion: 1, command: 'validate', environment: environment.name, valid: results };
  const text = results.map(
    ({ application: name, parameters }) =>
      `${name} is valid; in ${environment.name} it has\n${pairs(Object.entries(parameters), '  ')}\n`,
  );
  streams.stdout.write(options.json ? `${JSON.stringify(document)}\n` : text.join('\n'));
  return Promise.resolve(EXIT_DONE);
}
