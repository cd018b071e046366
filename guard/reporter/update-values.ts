import type { Attributes } from './tables';

export interface UpdateRequest {
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Attributes;
}

const wordsOfClauses = /\b(SET|REMOVE|ADD|DELETE)\b/i;

/**
 * Top-level attributes that an update sets to a plain value, `SET email = :email`. What an expression computes
 * (`count + :one`, `if_not_exists(…)`) is not in the request and not in the answer.
 */
export function valuesSetBy(request: UpdateRequest): Attributes {
  const { UpdateExpression: expression, ExpressionAttributeValues: values } = request;
  if (expression === undefined || values === undefined) return {};
  const parts = expression.split(wordsOfClauses);
  const set: Record<string, unknown> = {};
  for (let i = 1; i < parts.length; i += 2) {
    if (parts[i]?.toUpperCase() !== 'SET') continue;
    for (const action of withoutCalls(parts[i + 1] ?? '').split(',')) {
      const [, name, value] = /^\s*(#?[\w-]+)\s*=\s*(:\w+)\s*$/.exec(action) ?? [];
      if (name === undefined || value === undefined) continue;
      const attribute = name.startsWith('#') ? request.ExpressionAttributeNames?.[name] : name;
      if (attribute !== undefined && values[value] !== undefined) set[attribute] = values[value];
    }
  }
  return set;
}

/** Function calls replaced by nothing that parses, so that the commas between their arguments part nothing. */
function withoutCalls(clause: string): string {
  let text = clause;
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(/\([^()]*\)/g, '!');
  }
  return text;
}
