import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { excess } from '../../lambdas/contracts/excess';
import { setAside } from '../../lambdas/contracts/set-aside';
import { usageEntry, usageRecord } from '../../lambdas/contracts/usage-record';

const tables = join(__dirname, '../../flink-sql/throttle/tables');

/** Fields that tell of batches read again in other cuts; no detection reads them, and older records lack them. */
const cutFields = new Set(['firstSequence', 'lastSequence']);

describe('the SQL tables and the contracts say the same', () => {
  it('usage, the source', () => {
    const columns = physicalColumns('usage.sql');
    const { entries, ...rest } = columns;
    expect(rest).toEqual(without(fieldTypes(usageRecord), 'entries', ...cutFields));
    expect(rowFields(entries ?? '')).toEqual(fieldTypes(usageEntry));
  });

  it('excess, the sink', () => {
    expect(physicalColumns('excess.sql')).toEqual(fieldTypes(excess));
  });

  it.each(['late.sql', 'malformed.sql'])('%s, on the set-aside stream', (file) => {
    expect(physicalColumns(file)).toEqual(fieldTypes(setAside));
  });
});

/** What a field may be in JSON, as the family of SQL types that writes and reads it. */
function fieldTypes(schema: z.ZodObject): Record<string, string> {
  const json = z.toJSONSchema(schema, { io: 'input' });
  return Object.fromEntries(
    Object.entries(json.properties ?? {}).map(([field, property]) => {
      if (typeof property === 'boolean') throw new Error(`the field ${field} has no type`);
      const type = String(property.type ?? typeof property.const);
      // A literal number, such as a version, is a whole one.
      const isWhole = type === 'integer' || (type === 'number' && property.const !== undefined);
      return [field, isWhole ? 'whole number' : type];
    }),
  );
}

/** The columns that stand in the record itself, with the family of their types. */
function physicalColumns(file: string): Record<string, string> {
  const sql = readFileSync(join(tables, file), 'utf8').replace(/--.*$/gm, '');
  const body = /CREATE TABLE [^(]+\(([\s\S]*?)\n\) WITH \(/.exec(sql)?.[1];
  if (body === undefined) throw new Error(`${file} has no CREATE TABLE … ( … ) WITH ( … )`);
  const columns: Record<string, string> = {};
  for (const line of body.split('\n')) {
    const [, name, type] = /^ {4}`?(\w+)`? ((?:INT|BIGINT|STRING|ARRAY|DOUBLE)\b.*?),?$/.exec(line) ?? [];
    if (name === undefined || type === undefined || type.includes('METADATA')) continue;
    columns[name] = type.startsWith('ARRAY') ? type : family(type);
  }
  return columns;
}

/** The fields of `ARRAY<ROW<…>>`. */
function rowFields(type: string): Record<string, string> {
  const fields = /^ARRAY<ROW<(.*)>>$/.exec(type)?.[1] ?? '';
  return Object.fromEntries(
    fields.split(',').map((field) => {
      const [name = '', fieldType = ''] = field.trim().split(' ');
      return [name.replaceAll('`', ''), family(fieldType)];
    }),
  );
}

function family(type: string): string {
  return type === 'STRING' ? 'string' : type === 'DOUBLE' ? 'number' : 'whole number';
}

function without(fields: Record<string, string>, ...unwanted: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !unwanted.includes(name)));
}
