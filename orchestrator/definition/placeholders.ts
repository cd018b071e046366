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
// Comments are matched first, so that what they hold is not found.
const COMMENT_OR_PLACEHOLDER = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$\{([^}]*)\}/g;

/** The placeholders of an SQL text in order, those in comments and in literals left out. */
export function findPlaceholders(sql: string): Placeholder[] {
  return [...sql.matchAll(COMMENT_OR_PLACEHOLDER)].flatMap((match) => {
    const text = match[1];
    if (text === undefined) return [];
    const form = FORM.exec(text);
    return [{ text, name: form?.[1], less: form?.[2], line: lineAt(sql, match.index) }];
  });
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
