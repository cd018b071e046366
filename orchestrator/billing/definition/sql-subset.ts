import { findPlaceholders } from '../../definition/placeholders';
import { speaking, type SqlToken, sqlTokens } from '../../definition/sql-tokens';
import { didYouMean } from '../../definition/did-you-mean';
import { relationColumns } from '../sql/relations';
import type { Relation } from './definition-file';

/** What is wrong at a place of an SQL text. */
export interface SubsetFinding {
  readonly code: string;
  readonly line: number;
  readonly message: string;
}

/**
 * The functions that a definition may call. Athena's engine and DuckDB answer each with the same value, which the
 * tests compare on a real Trino; a function is added here together with its test.
 */
export const allowedFunctions = [
  ...['SUM', 'MIN', 'MAX', 'COUNT', 'COALESCE', 'NULLIF', 'GREATEST', 'LEAST', 'ABS', 'CAST'],
  ...['ROW_NUMBER', 'RANK', 'LAG', 'LEAD', 'SUBSTR', 'LENGTH', 'MOD'],
] as const;

/** Words before a bracket that are no call. */
const beforeBracket = new Set([
  ...[
    'AS',
    'IN',
    'AND',
    'OR',
    'NOT',
    'ON',
    'WHERE',
    'WHEN',
    'THEN',
    'ELSE',
    'OVER',
    'FROM',
    'JOIN',
    'BY',
    'SELECT',
  ],
  ...[
    'VALUES',
    'EXISTS',
    'UNION',
    'ALL',
    'HAVING',
    'USING',
    'DISTINCT',
    'EXCEPT',
    'INTERSECT',
    'BETWEEN',
    'CASE',
  ],
]);
const allowedTypes = ['BIGINT', 'VARCHAR', 'BOOLEAN'];
/** What reads a clock or chance, or changes something: the same input would not give the same table. */
const refusedWords: Readonly<Record<string, string>> = {
  CURRENT_DATE: 'reads the clock',
  CURRENT_TIMESTAMP: 'reads the clock',
  LOCALTIMESTAMP: 'reads the clock',
  TABLESAMPLE: 'answers by chance',
  LIMIT: 'cuts rows off: rank them with ROW_NUMBER and keep what you want by WHERE',
  OFFSET: 'cuts rows off: rank them with ROW_NUMBER and keep what you want by WHERE',
  INSERT: 'changes something',
  DELETE: 'changes something',
  UPDATE: 'changes something',
  CREATE: 'changes something',
  DROP: 'changes something',
};

/** Holds a definition's SQL to what runs alike on Athena and locally, and gives the same bytes each time. Pure. */
export function subsetFindings(sql: string, reads: readonly Relation[]): SubsetFinding[] {
  const tokens = speaking(sqlTokens(sql));
  return [
    ...tokens.flatMap((token, at) => tokenFindings(token, at, tokens)),
    ...relationFindings(tokens, reads),
    ...findPlaceholders(sql)
      .filter(({ name, less }) => name === undefined || less !== undefined)
      .map(({ text, line }) => ({
        code: 'placeholder-form',
        line,
        message: `\${${text}} is no placeholder: write \${parameter}, and compute outside of it`,
      })),
    ...(/^(SELECT|WITH)$/i.test(tokens[0]?.text ?? '')
      ? []
      : [
          {
            code: 'not-a-query',
            line: tokens[0]?.line ?? 0,
            message: 'the SQL is one query: it begins with SELECT or WITH',
          },
        ]),
  ];
}

function tokenFindings(token: SqlToken, at: number, tokens: readonly SqlToken[]): SubsetFinding[] {
  const { kind, text, line } = token;
  const upper = text.toUpperCase();
  const next = tokens[at + 1];
  const find = (code: string, message: string): SubsetFinding[] => [{ code, line, message }];
  if (kind === 'number' && text.includes('.')) {
    return find(
      'not-whole',
      `${text} is no whole number: money is whole micro-dollars, so that sums are exact`,
    );
  }
  if (kind === 'quoted-name')
    return find('backquote', `${text}: names are plain; Athena knows no backquotes in a query`);
  if (text === ';') return find('one-query', 'the SQL is one query without a semicolon');
  if (text === '*' && /^(SELECT|DISTINCT|,|\.)$/i.test(tokens[at - 1]?.text ?? '')) {
    return find('select-star', 'SELECT * is not allowed: name the columns');
  }
  if (text === '/' || text === '%') return divisionFindings(token, next);
  if (kind !== 'word') return [];
  const refused = refusedWords[upper];
  if (refused !== undefined) return find('not-repeatable', `${upper} ${refused}`);
  if (upper === 'AS' && isCast(at, tokens)) {
    const type = next?.text.toUpperCase() ?? '';
    if (!allowedTypes.includes(type)) {
      return find(
        'type',
        `CAST to ${next?.text ?? 'nothing'}: only ${allowedTypes.join(', ')} are the same everywhere and exact`,
      );
    }
    return [];
  }
  if (next?.text !== '(' || beforeBracket.has(upper) || isNamed(at, tokens)) return [];
  if (allowedFunctions.some((name) => name === upper)) return [];
  return find(
    'function',
    `${text} is not among the functions that answer alike on Athena and locally${didYouMean(text, allowedFunctions)}: ${allowedFunctions.join(', ')}`,
  );
}

/** Trino fails where it divides by zero and DuckDB answers NULL; so the divisor must be seen not to be zero. */
function divisionFindings({ text, line }: SqlToken, divisor: SqlToken | undefined): SubsetFinding[] {
  const sure =
    (divisor?.kind === 'number' && Number(divisor.text) !== 0) || divisor?.text.toUpperCase() === 'NULLIF';
  const message = `what stands after ${text} must be a number other than 0, or NULLIF(…, 0)`;
  return sure ? [] : [{ code: 'divisor', line, message }];
}

function isCast(at: number, tokens: readonly SqlToken[]): boolean {
  let depth = 0;
  for (let before = at - 1; before >= 0; before--) {
    const text = tokens[before]?.text;
    if (text === ')') depth++;
    else if (text === '(' && depth > 0) depth--;
    else if (text === '(') return tokens[before - 1]?.text.toUpperCase() === 'CAST';
  }
  return false;
}

/** `name AS (` and `AS name (` name something, and call nothing. */
function isNamed(at: number, tokens: readonly SqlToken[]): boolean {
  const before = tokens[at - 1];
  return before?.text.toUpperCase() === 'AS' && !isCast(at - 1, tokens);
}

function relationFindings(tokens: readonly SqlToken[], reads: readonly Relation[]): SubsetFinding[] {
  const named = new Set<string>(reads);
  for (const [at, { text, kind }] of tokens.entries()) {
    const isQueryName =
      kind === 'word' && tokens[at + 1]?.text.toUpperCase() === 'AS' && tokens[at + 2]?.text === '(';
    if (isQueryName) named.add(text);
  }
  const read = new Set<string>();
  const unknown = tokens.flatMap(({ text, line }, at): SubsetFinding[] => {
    const source = tokens[at + 1];
    if (!/^(FROM|JOIN)$/i.test(text) || source?.kind !== 'word') return [];
    read.add(source.text);
    if (named.has(source.text)) return [];
    const known = Object.keys(relationColumns).includes(source.text);
    const message = known
      ? `${source.text} is read, but "reads" of definition.json does not name it`
      : `there is no relation ${source.text}${didYouMean(source.text, [...named])}: there are ${[...named].join(', ')}`;
    return [{ code: 'relation', line, message }];
  });
  const unread = reads.filter((name) => !read.has(name));
  return [
    ...unknown,
    ...unread.map((name) => ({
      code: 'relation',
      line: 0,
      message: `"reads" of definition.json names ${name}, but the SQL does not read it`,
    })),
  ];
}
