import { keyText, type KeyAttribute } from '../../lambdas/contracts/key-text';

/** Attributes by name, each with its type, as DynamoDB's own API has them: `{ app_id: { S: 'app_1' } }`. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What a request shows of one item it writes. */
export interface Write {
  readonly table: string;
  readonly kind: 'put' | 'update' | 'delete';
  /** The key and, as far as the request shows them, the attributes the item has afterwards. */
  readonly attributes: Attributes;
}

/** How the writes of one table are reported. */
export interface ReportedTable {
  /** The table's partition key attribute. */
  readonly partitionKey: string;
  /**
   * Who can be suspended for a write: a template of attributes that the request shows, such as `{app_id}`, or a
   * function. Name the subject as the guard's middleware does.
   */
  readonly subject: string | ((write: Write) => string | undefined);
  /** The partition key attributes of each global secondary index. @default the table has none */
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
}

/** A table as it is read once, when the reporter is made. */
export interface Table {
  readonly name: string;
  readonly partitionKey: readonly string[];
  readonly subjectOf: (write: Write) => string | undefined;
  readonly indexes: ReadonlyMap<string, readonly string[]>;
}

/** Reads the tables' settings. Throws a RangeError that says what is wrong with which. */
export function readTables(tables: Readonly<Record<string, ReportedTable>>): ReadonlyMap<string, Table> {
  const read = Object.entries(tables).map(([name, { partitionKey, subject, indexes = {} }]) => {
    if (partitionKey === '') throw new RangeError(`the table ${name} has an empty partitionKey`);
    for (const [index, key] of Object.entries(indexes)) {
      if (key.length >= 1 && key.length <= 4) continue;
      throw new RangeError(`the index ${name}/${index} has ${String(key.length)} key attributes, not 1 to 4`);
    }
    const subjectOf = typeof subject === 'string' ? template(name, subject) : subject;
    const table: Table = {
      name,
      partitionKey: [partitionKey],
      subjectOf,
      indexes: new Map(Object.entries(indexes)),
    };
    return [name, table] as const;
  });
  if (read.length === 0)
    throw new RangeError('the reporter has no tables: name those whose writes it reports');
  return new Map(read);
}

/** The key of the given attributes as text; undefined where the request does not show all of them. */
export function keyOf(attributes: Attributes, names: readonly string[]): string | undefined {
  const values: KeyAttribute[] = [];
  for (const name of names) {
    const value = attributes[name];
    if (textOf(value) === undefined) return undefined;
    values.push(value as KeyAttribute);
  }
  return keyText(values);
}

/** The table's name where a request or an answer may have its ARN. */
export function tableName(nameOrArn: string): string {
  if (!nameOrArn.startsWith('arn:')) return nameOrArn;
  return /:table\/([^/]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

function template(table: string, text: string): (write: Write) => string | undefined {
  const parts = text.split(/(\{[^{}]+\})/).filter((part) => part !== '');
  const attributes = parts.filter((part) => part.startsWith('{'));
  if (attributes.length === 0 || parts.some((part) => !part.startsWith('{') && /[{}]/.test(part))) {
    throw new RangeError(
      `the subject template ${JSON.stringify(text)} of the table ${table} cannot be used: write attribute names ` +
        'in braces, as in "{app_id}"',
    );
  }
  return ({ attributes: shown }) => {
    let subject = '';
    for (const part of parts) {
      const value = part.startsWith('{') ? textOf(shown[part.slice(1, -1)]) : part;
      if (value === undefined || value === '') return undefined;
      subject += value;
    }
    return subject;
  };
}

/** The value of a string, number or binary attribute as text; undefined for anything else. */
function textOf(attribute: unknown): string | undefined {
  if (typeof attribute !== 'object' || attribute === null) return undefined;
  const { S, N, B } = attribute as { S?: unknown; N?: unknown; B?: unknown };
  const value = S ?? N ?? B;
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : undefined;
}
