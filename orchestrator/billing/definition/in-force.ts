import { createHash } from 'node:crypto';
import { UserFault } from '../../user-fault';
import type { Period } from '../period';
import { checkBillingParameter, parameterSql } from './parameter-sql';
import type { BillingDefinition } from './read-billing-definition';

/** What a period is rated by: the SQL with the values in it that are in force then. */
export interface Terms {
  readonly definition: string;
  readonly kind: BillingDefinition['kind'];
  readonly reads: BillingDefinition['reads'];
  readonly closesAfterHours: number;
  readonly key: readonly string[];
  readonly measures: readonly string[];
  /** Checked values as texts. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Without lines that are only a comment: to mend a sentence is no change of what is billed. */
  readonly sql: string;
  /** SHA-256 of all of the above: two periods billed under one hash are billed alike. */
  readonly hash: string;
}

/** The terms of a definition for a period, and the first month of the values in them. */
export interface InForce extends Terms {
  readonly since: string;
}

/** What of a definition holds for a period. Throws a UserFault where no version is in force, or a value is missing. */
export function inForce(definition: BillingDefinition, period: Period): InForce {
  const version = definition.versions.filter(({ from }) => from <= period.name).at(-1);
  if (version === undefined) {
    throw new UserFault(
      `${definition.name} has no version for ${period.name}: its first holds from ${definition.versions[0]?.from ?? 'never'}`,
    );
  }
  const texts = Object.entries(definition.parameters).map(([name, declaration]): [string, string] => {
    const checked = checkBillingParameter(declaration, version.parameters[name] ?? declaration.default);
    if (checked.ok) return [name, checked.text];
    throw new UserFault(
      `${definition.name}: ${name} has no default, and the version from ${version.from} gives no value`,
    );
  });
  const parameters = Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
  const sql = definition.sql.replace(/\$\{([a-z][a-z0-9_]*)\}/g, (whole, name: string) => {
    const declaration = definition.parameters[name];
    const text = parameters[name];
    return declaration === undefined || text === undefined ? whole : parameterSql(declaration, text);
  });
  const { kind, reads, closesAfterHours, key, measures } = definition;
  const content = {
    definition: definition.name,
    kind,
    reads,
    closesAfterHours,
    key,
    measures,
    parameters,
    sql: spoken(sql),
  };
  return { ...content, since: version.from, hash: hashOf(content) };
}

/** The hash of a value's canonical JSON. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** The SQL without empty lines and those of comment. */
function spoken(sql: string): string {
  return sql
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--') && line.trim() !== '')
    .map((line) => line.trimEnd())
    .join('\n');
}
