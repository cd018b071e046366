/** A piece of SQL: what it is, its text as written, and where it begins. */
export interface SqlToken {
  readonly kind: 'word' | 'quoted-name' | 'string' | 'number' | 'placeholder' | 'symbol' | 'comment';
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

// Longer forms first: what stands in a comment or in quotes is never read as SQL.
const PIECES =
  /(?<comment>(?:--|\/\/)[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>[Ee]'(?:[^'\\]|''|\\[\s\S])*'?|'(?:[^']|'')*'?)|(?<name>`(?:[^`]|``)*`?)|(?<placeholder>\$\{[^}]*\})|(?<word>[A-Za-z_]\w*)|(?<number>\d+(?:\.\d+)?)|(?<symbol>\S)/g;

/** The tokens of an SQL text in order. It never fails: what Flink's parser would refuse is a symbol here. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let line = 1;
  let counted = 0;
  for (const match of sql.matchAll(PIECES)) {
    line += newlines(sql.slice(counted, match.index));
    counted = match.index;
    tokens.push({ kind: kindOf(match.groups ?? {}), text: match[0], line });
  }
  return tokens;
}

/** The tokens that mean something to Flink. */
export function speaking(tokens: readonly SqlToken[]): SqlToken[] {
  return tokens.filter(({ kind }) => kind !== 'comment');
}

/** Whether the words stand one after the other from the given token on, whatever their case. */
export function wordsAt(tokens: readonly SqlToken[], from: number, ...words: readonly string[]): boolean {
  return words.every((word, offset) => tokens[from + offset]?.text.toUpperCase() === word);
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): SqlToken['kind'] {
  if (groups['comment'] !== undefined) return 'comment';
  if (groups['string'] !== undefined) return 'string';
  if (groups['name'] !== undefined) return 'quoted-name';
  if (groups['placeholder'] !== undefined) return 'placeholder';
  if (groups['word'] !== undefined) return 'word';
  return groups['number'] === undefined ? 'symbol' : 'number';
}

function newlines(text: string): number {
  return text.split('\n').length - 1;
}
