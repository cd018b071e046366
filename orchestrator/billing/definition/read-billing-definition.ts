import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headerOf } from '../../definition/checks/detection-header';
import { didYouMean } from '../../definition/did-you-mean';
import type { JsonWithLines } from '../../definition/json-lines';
import { findPlaceholders } from '../../definition/placeholders';
import { readJson } from '../../definition/read-definition';
import { schemaProblems } from '../../definition/schema-problems';
import { sqlTokens } from '../../definition/sql-tokens';
import { DefinitionFault, type Problem, UserFault } from '../../user-fault';
import { type DefinitionFile, definitionFile, knownKeys } from './definition-file';
import { checkBillingParameter } from './parameter-sql';
import { subsetFindings } from './sql-subset';

/** A billing definition: its SQL and what `definition.json` says of it, checked. */
export interface BillingDefinition extends Omit<DefinitionFile, '$schema'> {
  readonly name: string;
  readonly sql: string;
}

/** What the comment at the top of `definition.sql` tells whoever reviews it. */
export const billingHeader = ['Bills', 'Unit', 'Period', 'Rounding', 'Late data'] as const;

/** The definitions that have a folder, in the order of their names. */
export function listBillingDefinitions(root: string): string[] {
  if (!existsSync(root)) {
    throw new UserFault(
      `there is no folder ${root} with billing definitions: run the command where athena-sql/ is, or give --billing FOLDER`,
    );
  }
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'definition.json')))
    .sort();
}

/** Reads one definition's folder. Throws a DefinitionFault with every problem of its files. */
export function readBillingDefinition(root: string, name: string): BillingDefinition {
  const known = listBillingDefinitions(root);
  if (!known.includes(name)) {
    throw new UserFault(
      `there is no billing definition "${name}" in ${root}${didYouMean(name, known)}: a definition is a folder with a ` +
        `definition.json and a definition.sql; there ${known.length === 0 ? 'is none' : `are ${known.join(', ')}`}`,
    );
  }
  const sqlFile = join(root, name, 'definition.sql');
  const sql = existsSync(sqlFile) ? readFileSync(sqlFile, 'utf8') : '';
  return parseBillingDefinition(name, readFileSync(join(root, name, 'definition.json'), 'utf8'), sql);
}

/** Checks the two texts of a definition. Throws a DefinitionFault with every problem. */
export function parseBillingDefinition(name: string, jsonText: string, sql: string): BillingDefinition {
  const place = `${name}/definition.json`;
  const json = readJson(place, jsonText);
  const result = definitionFile.safeParse(json.value);
  if (!result.success) {
    throw new DefinitionFault(`definition ${name}`, schemaProblems(place, json, result.error, knownKeys));
  }
  const { kind, reads, closesAfterHours, key, measures, parameters, versions } = result.data;
  const definition = { name, sql, kind, reads, closesAfterHours, key, measures, parameters, versions };
  const problems = [...sqlProblems(definition), ...jsonProblems(definition, place, json)];
  if (problems.length > 0) throw new DefinitionFault(`definition ${name}`, problems);
  return definition;
}

function sqlProblems({ name, sql, reads, parameters }: BillingDefinition): Problem[] {
  const file = `${name}/definition.sql`;
  const header = headerOf({ tokens: sqlTokens(sql) });
  const missing = billingHeader.filter((field) => !header.has(field));
  const unknown = findPlaceholders(sql).flatMap(({ name: parameter, line }): Problem[] =>
    parameter === undefined || parameters[parameter] !== undefined
      ? []
      : [
          {
            code: 'parameter-unknown',
            file,
            line,
            message: `\${${parameter}} is no parameter${didYouMean(parameter, Object.keys(parameters))}: declare it in definition.json`,
          },
        ],
  );
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            code: 'header-field',
            file,
            line: 1,
            message: `its header lacks ${missing.map((field) => `"-- ${field}: …"`).join(', ')}: say it in comments before the query`,
          },
        ]),
    ...subsetFindings(sql, reads).map((finding) => ({ ...finding, file })),
    ...unknown,
  ];
}

function jsonProblems(definition: BillingDefinition, file: string, json: JsonWithLines): Problem[] {
  const { sql, parameters, versions, key, measures } = definition;
  const used = new Set(findPlaceholders(sql).map(({ name }) => name));
  const problem = (code: string, path: PropertyKey[], message: string): Problem => ({
    code,
    file,
    line: json.lineOf(path),
    message,
  });
  return [
    ...Object.keys(parameters)
      .filter((name) => !used.has(name))
      .map((name) =>
        problem(
          'parameter-unused',
          ['parameters', name],
          `${name} is not used by the SQL: changing it would change nothing`,
        ),
      ),
    ...versions.flatMap(({ from, parameters: values }, at) => [
      ...(from > (versions[at - 1]?.from ?? '')
        ? []
        : [
            problem(
              'version-order',
              ['versions', at, 'from'],
              `${from} does not come after ${versions[at - 1]?.from ?? ''}: the earliest first`,
            ),
          ]),
      ...Object.entries(values).flatMap(([name, value]) => {
        const declaration = parameters[name];
        const path = ['versions', at, 'parameters', name];
        if (declaration === undefined) {
          const meant = didYouMean(name, Object.keys(parameters));
          return [problem('parameter-unknown', path, `"${name}" is no parameter${meant}`)];
        }
        const checked = checkBillingParameter(declaration, value);
        return checked.ok ? [] : [problem(checked.code, path, `${name} ${checked.reason}`)];
      }),
    ]),
    ...Object.entries(parameters).flatMap(([name, declaration]) => {
      if (declaration.default === undefined) return [];
      const checked = checkBillingParameter(declaration, declaration.default);
      return checked.ok
        ? []
        : [
            problem(
              checked.code,
              ['parameters', name, 'default'],
              `the default of ${name} ${checked.reason}`,
            ),
          ];
    }),
    ...key
      .filter((column) => measures.includes(column))
      .map((column) =>
        problem('key-and-measure', ['measures'], `${column} is in key and in measures: it is one of them`),
      ),
  ];
}
