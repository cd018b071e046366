import type { Problem } from '../user-fault';
import { allChecks } from './checks/all-checks';
import type { Check, Checked } from './checks/check';
import type { JsonWithLines } from './json-lines';
import type { Definition } from './read-definition';
import { sqlTokens } from './sql-tokens';

/** What the checks of one kind find in an application's files. Pure. */
export function checkDefinition(
  definition: Definition,
  json: JsonWithLines,
  stops: Check['stops'],
): Problem[] {
  const files = [...definition.files]
    .filter(([path]) => path.endsWith('.sql'))
    .map(([path, sql]) => ({ path, sql, tokens: sqlTokens(sql) }));
  const checked: Checked = { definition, json, files };
  return allChecks
    .filter((check) => check.stops === stops)
    .flatMap((check) => check.find(checked).map((finding) => ({ code: check.code, ...finding })));
}
