import { z } from 'zod';
import { parseRecord } from '../contracts/parse';
import { leastSaltCharacters } from '../contracts/private-text';
import { type Environment, requiredSetting, SettingError } from '../delivery/environment';
import { parseSubjectTemplate, type SubjectTemplate, SubjectTemplateError } from './subject-template';
import type { TableSettings } from './table-settings';

export interface EstimatorSettings {
  readonly usageStream: string;
  readonly setAsideStream: string;
  /** Where all functions keep what tables looked like; undefined where each keeps its own. */
  readonly controlTable: string | undefined;
  /** Empty where no table needs one. */
  readonly salt: string;
  readonly tables: ReadonlyMap<string, TableSettings>;
}

const tablesSetting = z.record(
  z.string().min(1),
  z.strictObject({
    subject: z.string().min(1),
    source: z.enum(['stream', 'reporter'], { error: 'write "stream" or "reporter"' }).default('stream'),
    transactions: z
      .union([z.enum(['always', 'never']), z.strictObject({ attribute: z.string().min(1) })], {
        error: 'write "always", "never" or {"attribute": "name"}',
      })
      .default('never'),
    writingRegion: z.string().min(1).optional(),
    privacy: z
      .enum(['none', 'hash', 'hash-keys', 'hash-subjects'], {
        error: 'write "none", "hash", "hash-keys" or "hash-subjects"',
      })
      .default('none'),
  }),
);

type TableSetting = z.infer<typeof tablesSetting>[string];

const example = '{"users":{"subject":"{app_id}"}}';

/** Reads and checks the function's environment variables. Throws a SettingError that says what to set. */
export function readSettings(environment: Environment): EstimatorSettings {
  const tables = readTables(
    requiredSetting(environment, 'SPILLWAY_TABLES', `the tables whose streams are read, such as ${example}`),
  );
  const isHashed = [...tables.values()].some(({ hashed }) => hashed.keys || hashed.subjects);
  return {
    usageStream: requiredSetting(environment, 'SPILLWAY_USAGE_STREAM', "the usage stream's name"),
    setAsideStream: requiredSetting(environment, 'SPILLWAY_SET_ASIDE_STREAM', "the set-aside stream's name"),
    controlTable: environment['SPILLWAY_CONTROL_TABLE'] || undefined,
    salt: isHashed ? readSalt(environment) : '',
    tables,
  };
}

function readSalt(environment: Environment): string {
  const salt = requiredSetting(
    environment,
    'SPILLWAY_PRIVACY_SALT',
    `a secret text of at least ${String(leastSaltCharacters)} characters, which the hashes of a table with ` +
      `"privacy" need`,
  );
  if (salt.length >= leastSaltCharacters) return salt;
  throw new SettingError(
    `SPILLWAY_PRIVACY_SALT has ${String(salt.length)} characters, which can be guessed. ` +
      `Set it to a secret text of at least ${String(leastSaltCharacters)}.`,
  );
}

function readTables(text: string): ReadonlyMap<string, TableSettings> {
  const parsed = parseRecord(tablesSetting, text);
  if (!parsed.ok) throw tablesError(text, parsed.reason);
  const tables = Object.entries(parsed.value).map(
    ([name, setting]) => [name, tableSettings(text, name, setting)] as const,
  );
  if (tables.length === 0) throw tablesError(text, 'it names no table');
  return new Map(tables);
}

function tableSettings(text: string, table: string, setting: TableSetting): TableSettings {
  const { subject, source, transactions, writingRegion, privacy } = setting;
  return {
    subject: readTemplate(text, table, subject),
    source,
    transactions,
    writingRegion,
    hashed: {
      keys: privacy === 'hash' || privacy === 'hash-keys',
      subjects: privacy === 'hash' || privacy === 'hash-subjects',
    },
  };
}

function readTemplate(text: string, table: string, template: string): SubjectTemplate {
  try {
    return parseSubjectTemplate(template);
  } catch (cause) {
    if (cause instanceof SubjectTemplateError) throw tablesError(text, `table ${table}: ${cause.message}`);
    throw cause;
  }
}

function tablesError(text: string, problem: string): SettingError {
  const shown = text.length > 300 ? `${text.slice(0, 300)}…` : text;
  return new SettingError(
    `SPILLWAY_TABLES is ${shown}, which cannot be used: ${problem}. An example: ${example}`,
  );
}
