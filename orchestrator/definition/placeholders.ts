import { sqlTokens } from './sql-tokens';

/** `${name}` or `${name - 1s}` in an SQL text. */
export interface Placeholder {
  /** Between the braces, as written. */
  text: string;
  /** Undefined where the text has another form. */
  name: string | undefined;
  /** What is subtracted, such as `1s`. */
  less: string | undefined;
  /** From 1. */
  line: number;
}

const FORM = /^\s*([a-z][a-z0-9_]*)\s*(?:-\s*([0-9]+[smh])\s*)?$/;

/** The placeholders of an SQL text in order, those in comments and in literals left out. */
export function findPlaceholders(sql: string): Placeholder[] {
  return sqlTokens(sql)
    .filter(({ kind }) => kind === 'placeholder')
    .map(({ text: braced, line }) => {
      const text = braced.slice(2, -1);
      const form = FORM.exec(text);
      return { text, name: form?.[1], less: form?.[2], line };
    });
}
