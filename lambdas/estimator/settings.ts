import { z } from 'zod';
import { parseRecord } from '../contracts/parse';
import { type Environment, requiredSetting, SettingError } from '../delivery/environment';
import { parseSubjectTemplate, type SubjectTemplate, SubjectTemplateError } from './subject-template';

/** How the changes of one table are read. */
export interface TableSettings {
  readonly subject: SubjectTemplate;
  /** Name of the table's partition key attribute: a stream record does not say which of its keys that is. */
  readonly partitionKey: string;
}

export interface EstimatorSettings {
  readonly usageStream: string;
  readonly setAsideStream: string;
  readonly tables: ReadonlyMap<string, TableSettings>;
}

const tablesSetting = z.record(
  z.string().min(1),
  z.strictObject({ subject: z.string().min(1), partitionKey: z.string().min(1) }),
);

const example = '{"users":{"subject":"{app_id}","partitionKey":"app_id"}}';

/** Reads and checks the function's environment variables. Throws a SettingError that says what to set. */
export function readSettings(environment: Environment): EstimatorSettings {
  return {
    usageStream: requiredSetting(environment, 'SPILLWAY_USAGE_STREAM', "the usage stream's name"),
    setAsideStream: requiredSetting(environment, 'SPILLWAY_SET_ASIDE_STREAM', "the set-aside stream's name"),
    tables: readTables(
      requiredSetting(
        environment,
        'SPILLWAY_TABLES',
        `the tables whose streams are read, such as ${example}`,
      ),
    ),
  };
}

function readTables(text: string): ReadonlyMap<string, TableSettings> {
  const parsed = parseRecord(tablesSetting, text);
  if (!parsed.ok) throw tablesError(text, parsed.reason);
  const tables = Object.entries(parsed.value).map(([name, { subject, partitionKey }]) => {
    return [name, { subject: readTemplate(text, name, subject), partitionKey }] as const;
  });
  if (tables.length === 0) throw tablesError(text, 'it names no table');
  return new Map(tables);
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
