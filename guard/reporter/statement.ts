import { type Attributes, tableName, type Write } from './tables';

const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\?|-?\d+(?:\.\d+)?|[A-Za-z_][\w.-]*|\S/g;

/**
 * What a PartiQL statement that writes shows of its item: the attributes that it gives as `'name': value` in an
 * INSERT or compares by `name = value` in the WHERE of an UPDATE or DELETE, where the value is a parameter or a
 * literal text or number. Undefined for a SELECT and for what cannot be read.
 */
export function writeOfStatement(
  statement: string | undefined,
  parameters: readonly unknown[] = [],
): Write | undefined {
  const tokens = statement?.match(token) ?? [];
  const [verb = '', second = '', third = ''] = tokens;
  switch (verb.toUpperCase()) {
    case 'INSERT':
      return writeOf('put', third, attributesOf(tokens, 3, ':', parameters));
    case 'UPDATE':
      return writeOf('update', second, attributesOf(tokens, whereOf(tokens), '=', parameters));
    case 'DELETE':
      return writeOf('delete', third, attributesOf(tokens, whereOf(tokens), '=', parameters));
    default:
      return undefined;
  }
}

function writeOf(kind: Write['kind'], table: string, attributes: Attributes): Write {
  return { table: tableName(unquoted(table)), kind, attributes };
}

function whereOf(tokens: readonly string[]): number {
  const at = tokens.findIndex((text) => text.toUpperCase() === 'WHERE');
  return at < 0 ? tokens.length : at;
}

/** The pairs `name sign value` from a token on. Parameters are counted from the statement's start. */
function attributesOf(
  tokens: readonly string[],
  from: number,
  sign: '=' | ':',
  parameters: readonly unknown[],
): Attributes {
  const attributes: Record<string, unknown> = {};
  let parameter = 0;
  tokens.forEach((text, at) => {
    const value = text === '?' ? parameters[parameter++] : literal(text);
    if (at < from + 2 || tokens[at - 1] !== sign || value === undefined) return;
    attributes[unquoted(tokens[at - 2] ?? '')] = value;
  });
  return attributes;
}

function literal(text: string): unknown {
  if (text.startsWith("'")) return { S: unquoted(text) };
  return /^-?\d/.test(text) ? { N: text } : undefined;
}

function unquoted(text: string): string {
  const quote = text.charAt(0);
  if (quote !== '"' && quote !== "'") return text;
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
