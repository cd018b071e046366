import type { Problem } from '../user-fault';
import { didYouMean } from './did-you-mean';
import type { JsonWithLines } from './json-lines';
import { checkParameter } from './parameters';
import { findPlaceholders, type Placeholder } from './placeholders';
import type { Definition } from './read-definition';

/** What is wrong between an application's parameters and its SQL. Pure. */
export function checkDefinition(definition: Definition, json: JsonWithLines): Problem[] {
  return [
    ...defaultProblems(definition, json),
    ...placeholderProblems(definition),
    ...unusedProblems(definition, json),
    ...missingSqlProblems(definition),
  ];
}

function defaultProblems({ name, parameters }: Definition, json: JsonWithLines): Problem[] {
  return Object.entries(parameters).flatMap(([parameter, declaration]): Problem[] => {
    if (declaration.default === undefined) return [];
    const checked = checkParameter(declaration, declaration.default);
    if (checked.ok) return [];
    const line = json.lineOf(['parameters', parameter, 'default']);
    const message = `${parameter}: its default ${checked.reason}`;
    return [{ code: checked.code, file: `${name}/application.json`, line, message }];
  });
}

function placeholderProblems(definition: Definition): Problem[] {
  return sqlFiles(definition).flatMap(([path, sql]) =>
    findPlaceholders(sql).flatMap((placeholder): Problem[] => {
      const problem = placeholderProblem(definition, placeholder);
      const file = `${definition.name}/${path}`;
      return problem === undefined ? [] : [{ ...problem, file, line: placeholder.line }];
    }),
  );
}

function placeholderProblem(
  { parameters }: Definition,
  { text, name, less }: Placeholder,
): { code: string; message: string } | undefined {
  if (name === undefined) {
    return {
      code: 'placeholder-form',
      message: `\${${text}} is no placeholder: write \${parameter}, or \${parameter - 1s} for a duration`,
    };
  }
  const declaration = parameters[name];
  if (declaration === undefined) {
    const hint = didYouMean(name, Object.keys(parameters));
    return {
      code: 'parameter-unknown',
      message: `\${${name}} is no parameter${hint}: declare it in application.json`,
    };
  }
  if (less !== undefined && declaration.type !== 'duration') {
    const message = `\${${text}} subtracts from ${name}, which is ${declaration.type}: only a duration can be made shorter`;
    return { code: 'placeholder-arithmetic', message };
  }
  return undefined;
}

function unusedProblems(definition: Definition, json: JsonWithLines): Problem[] {
  const used = new Set(
    sqlFiles(definition).flatMap(([, sql]) => findPlaceholders(sql).map(({ name }) => name)),
  );
  return Object.keys(definition.parameters)
    .filter((name) => !used.has(name))
    .map((name) => ({
      code: 'parameter-unused',
      file: `${definition.name}/application.json`,
      line: json.lineOf(['parameters', name]),
      message: `${name} is used by no SQL file: changing it would change nothing. Use it or remove it`,
    }));
}

function missingSqlProblems(definition: Definition): Problem[] {
  if (sqlFiles(definition).some(([path]) => path.startsWith('detections/'))) return [];
  const message = 'there is no detections/*.sql: a detection is a file with one INSERT';
  return [{ code: 'no-detection', file: definition.name, line: 0, message }];
}

function sqlFiles({ files }: Definition): [string, string][] {
  return [...files].filter(([path]) => path.endsWith('.sql'));
}
