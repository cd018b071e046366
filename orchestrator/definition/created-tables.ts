import { speaking, type SqlToken, wordsAt } from './sql-tokens';

/** A table as its CREATE TABLE declares it. */
export interface CreatedTable {
  readonly name: string;
  /** The columns that are part of a record, without computed ones, metadata, watermark and constraints. */
  readonly columns: readonly { readonly name: string; readonly line: number }[];
  /** The parameter in `'stream.arn' = ${…}`. */
  readonly streamParameter: string | undefined;
}

const NO_COLUMN = ['WATERMARK', 'PRIMARY', 'CONSTRAINT', 'PERIOD'];

/** The tables that a file creates. */
export function createdTables(all: readonly SqlToken[]): CreatedTable[] {
  const tokens = speaking(all);
  return tokens.flatMap((_, index): CreatedTable[] => {
    if (!wordsAt(tokens, index, 'CREATE', 'TABLE') || tokens[index + 3]?.text !== '(') return [];
    const end = closing(tokens, index + 3);
    const members = split(tokens.slice(index + 4, end));
    const columns = members.flatMap((member) => {
      const [first] = member;
      const isColumn =
        first !== undefined &&
        !NO_COLUMN.includes(first.text.toUpperCase()) &&
        !member.some(({ text }, at) => at === 1 && text.toUpperCase() === 'AS') &&
        !member.some(({ text }) => text.toUpperCase() === 'METADATA');
      return isColumn ? [{ name: unquoted(first), line: first.line }] : [];
    });
    const statementEnd = tokens.findIndex(({ text }, at) => at > end && text === ';');
    const options = tokens.slice(end, statementEnd < 0 ? undefined : statementEnd);
    const arn = options.findIndex(({ text }) => text === "'stream.arn'");
    const value = arn < 0 ? undefined : options[arn + 2];
    const streamParameter = value?.kind === 'placeholder' ? value.text.slice(2, -1).trim() : undefined;
    return [{ name: unquoted(tokens[index + 2]), columns, streamParameter }];
  });
}

/** The index of the parenthesis that closes the one at `open`. */
function closing(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (tokens[index]?.text === '(') depth++;
    if (tokens[index]?.text === ')' && --depth === 0) return index;
  }
  return tokens.length;
}

/** Cuts at the commas outside parentheses and angle brackets. */
function split(tokens: readonly SqlToken[]): SqlToken[][] {
  const members: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(' || token.text === '<') depth++;
    if (token.text === ')' || token.text === '>') depth--;
    if (token.text === ',' && depth === 0) members.push([]);
    else members.at(-1)?.push(token);
  }
  return members;
}

function unquoted(token: SqlToken | undefined): string {
  const text = token?.text ?? '';
  return token?.kind === 'quoted-name' ? text.slice(1, -1).replace(/``/g, '`') : text;
}
