import type { Image } from './item-size';
import { refusalOfPattern } from './pattern-safety';

/** A template read once: literal text and what stands between it. */
export interface SubjectTemplate {
  readonly text: string;
  readonly parts: readonly (string | SubjectPart)[];
}

/** A piece of an item: `{app_id}`, `{owner.id}`, `{pk part 2 by '#'}` or `{pk match '^APP#([^#]+)'}`. */
export interface SubjectPart {
  /** As written between the braces. */
  readonly text: string;
  /** Names from the item's attribute into its maps; a number is a position in a list, from 0. */
  readonly path: readonly string[];
  /** @default the whole value */
  readonly take?: { readonly part: number; readonly by: string } | { readonly match: RegExp };
}

/** A template that cannot be used. The message says what is wrong and what a right one looks like. */
export class SubjectTemplateError extends Error {
  override readonly name = 'SubjectTemplateError';
}

/** What a record's attributes made of a template: the subject, or the piece for which there is none. */
export type Subject =
  | { readonly found: true; readonly subject: string }
  | { readonly found: false; readonly attribute: string; readonly problem: SubjectProblem };

export type SubjectProblem =
  'missing' | 'empty' | 'not text, a number or binary' | 'too long' | 'without that part' | 'not matched';

/** A longer subject is nobody's name, and would make usage records too large. */
export const longestSubjectCharacters = 1024;

/** Reads a template such as `{app_id}` or `app#{tenant}/{app_id}`. Throws a SubjectTemplateError. */
export function parseSubjectTemplate(text: string): SubjectTemplate {
  const parts: (string | SubjectPart)[] = [];
  let at = 0;
  while (at < text.length) {
    const literal = tokenAt(/[^{}]+/y, text, at)?.[0];
    if (literal !== undefined) {
      parts.push(literal);
      at += literal.length;
      continue;
    }
    // Braces may stand between quotes, as those of a pattern do.
    const braces = tokenAt(/\{((?:[^{}']|'(?:[^']|'')*')*)\}/y, text, at);
    if (braces === undefined) throw templateError(text, `has a "${text.charAt(at)}" without its partner`);
    parts.push(readPart(text, braces[1] ?? ''));
    at += braces[0].length;
  }
  if (parts.every((part) => typeof part === 'string')) {
    throw templateError(text, 'names no attribute, so that every write would have one and the same subject');
  }
  return { text, parts };
}

const quoted = String.raw`'(?:[^']|'')*'`;
const pathText = String.raw`(?:${quoted}|[^'.\s]+)(?:\.(?:${quoted}|[^'.\s]+))*`;

function readPart(template: string, inside: string): SubjectPart {
  const [, path, taking, words] =
    new RegExp(`^(${pathText})(?:\\s+(part|match)\\s+(.+))?$`).exec(inside) ?? [];
  if (path === undefined) {
    throw templateError(
      template,
      inside.trim() === ''
        ? 'names no attribute between "{" and "}"'
        : `has {${inside}}, which is no attribute name; one with spaces, dots or quotes is put between single quotes`,
    );
  }
  const part = {
    text: inside,
    path: [...path.matchAll(new RegExp(`${quoted}|[^'.]+`, 'g'))].map(([name]) => unquote(name)),
  };
  if (part.path.includes('')) throw templateError(template, `has an empty name in {${inside}}`);
  if (taking === 'part') return { ...part, take: readSeparated(template, words ?? '') };
  return taking === 'match' ? { ...part, take: { match: readPattern(template, words ?? '') } } : part;
}

function readSeparated(template: string, words: string): { part: number; by: string } {
  const [, number, by] = new RegExp(`^(-?\\d{1,3})\\s+by\\s+(${quoted})$`).exec(words) ?? [];
  const separator = unquote(by ?? '');
  if (number === undefined || Number(number) === 0 || separator === '') {
    throw templateError(
      template,
      `has "part ${words}" where a number (1 is the first part, -1 the last) and a separator are needed, ` +
        `as in {pk part 2 by '#'}`,
    );
  }
  return { part: Number(number), by: separator };
}

function readPattern(template: string, words: string): RegExp {
  if (!new RegExp(`^${quoted}$`).test(words)) {
    throw templateError(
      template,
      `has "match ${words}" where a pattern between single quotes is needed, as in {pk match '^APP#([^#]+)'}`,
    );
  }
  const pattern = unquote(words);
  const problem = refusalOfPattern(pattern);
  if (problem !== undefined) throw templateError(template, `has the pattern '${pattern}', which ${problem}`);
  return new RegExp(pattern, 'u');
}

function unquote(text: string): string {
  return text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text;
}

function tokenAt(token: RegExp, text: string, at: number): RegExpExecArray | undefined {
  token.lastIndex = at;
  return token.exec(text) ?? undefined;
}

function templateError(text: string, problem: string): SubjectTemplateError {
  return new SubjectTemplateError(
    `the subject template ${JSON.stringify(text)} ${problem}. Write attribute names in braces, as in "{app_id}".`,
  );
}

/**
 * The subject of a change, from its first image that has each attribute. The order of the images says whom to take
 * when a change moved an item from one subject to another.
 */
export function subjectOf(template: SubjectTemplate, images: readonly (Image | undefined)[]): Subject {
  let subject = '';
  for (const part of template.parts) {
    if (typeof part === 'string') {
      subject += part;
      continue;
    }
    const value = partText(part, images);
    if (typeof value !== 'string') return { found: false, attribute: part.text, problem: value.problem };
    subject += value;
    if (subject.length > longestSubjectCharacters) {
      return { found: false, attribute: part.text, problem: 'too long' };
    }
  }
  return { found: true, subject };
}

type Found = string | { readonly problem: SubjectProblem };

function partText({ path, take }: SubjectPart, images: readonly (Image | undefined)[]): Found {
  const [name = '', ...inner] = path;
  for (const image of images) {
    if (image === undefined || image === null || !Object.hasOwn(image, name)) continue;
    let attribute = image[name];
    for (const step of inner) attribute = inside(attribute, step);
    if (attribute === undefined) continue;
    const typed = attribute as Readonly<Record<string, unknown>> | null;
    const value = typed?.['S'] ?? typed?.['N'] ?? typed?.['B'];
    if (typeof value !== 'string') return { problem: 'not text, a number or binary' };
    return take === undefined || value === '' ? nonEmpty(value, 'empty') : taken(value, take);
  }
  return { problem: 'missing' };
}

/** What stands under a name in a map, or at a position in a list; undefined where nothing does. */
function inside(attribute: unknown, step: string): unknown {
  const { M: map, L: list } = (attribute ?? {}) as { M?: unknown; L?: unknown };
  const holder: unknown = map ?? list;
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, step)) return undefined;
  // An array's own length is no element.
  return Array.isArray(holder) && !/^\d+$/.test(step)
    ? undefined
    : (holder as Readonly<Record<string, unknown>>)[step];
}

function taken(value: string, take: NonNullable<SubjectPart['take']>): Found {
  if ('by' in take) {
    const parts = value.split(take.by);
    const position = take.part > 0 ? take.part - 1 : parts.length + take.part;
    return nonEmpty(parts[position] ?? '', 'without that part');
  }
  // What is longer than a subject may be is not searched: that bounds the time a pattern takes.
  if (value.length > longestSubjectCharacters) return { problem: 'too long' };
  const match = take.match.exec(value);
  return nonEmpty(match?.[1] ?? match?.[0] ?? '', 'not matched');
}

function nonEmpty(value: string, problem: SubjectProblem): Found {
  return value === '' ? { problem } : value;
}
