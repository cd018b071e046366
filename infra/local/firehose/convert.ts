import { jsonFields, usageColumns } from '../../../orchestrator/archive/layout';
import type { UsageRow } from './parquet';

/** A record that the table's columns cannot hold. */
export class Unconvertible extends Error {
  override readonly name = 'Unconvertible';

  constructor(
    /** As Firehose says it. */
    readonly code: 'DataFormatConversion.ParseError' | 'DataFormatConversion.InvalidSchema',
    message: string,
  ) {
    super(message);
  }
}

/**
 * A record as a row of `usage`, as the OpenX SerDe reads JSON with `CaseInsensitive` off: a column's field by its name or
 * by its mapping, null where there is none; fields of no column are left out. Throws an Unconvertible.
 */
export function toRow(text: string): UsageRow {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Unconvertible('DataFormatConversion.ParseError', 'The record is no JSON.');
  }
  const record = objectOf(parsed, 'the record');
  return Object.fromEntries(
    usageColumns.map(([column, type]) => [column, cell(record[jsonFields[column] ?? column], type, column)]),
  );
}

function cell(value: unknown, type: string, where: string): unknown {
  if (value === undefined || value === null) return null;
  const fields = /^array<struct<(.*)>>$/.exec(type)?.[1];
  if (fields !== undefined) {
    if (!Array.isArray(value)) throw mismatch(where, type);
    return value.map((each: unknown) => {
      const object = objectOf(each, where);
      return Object.fromEntries(
        fields.split(',').map((field) => {
          const [name = '', of = ''] = field.split(':');
          return [name, cell(object[name], of, `${where}.${name}`)];
        }),
      );
    });
  }
  if (typeof value === 'object') throw mismatch(where, type);
  if (type === 'string') return String(value);
  const number = typeof value === 'string' ? Number(value) : value;
  const most = type === 'int' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER;
  if (typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= most) return number;
  throw mismatch(where, type);
}

function objectOf(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new Unconvertible('DataFormatConversion.ParseError', `What ${where} holds is no JSON object.`);
}

function mismatch(where: string, type: string): Unconvertible {
  return new Unconvertible(
    'DataFormatConversion.InvalidSchema',
    `The value of ${where} cannot be read as ${type}.`,
  );
}
