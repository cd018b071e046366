import type { Image } from './item-size';

/** A template read once: literal text and the attributes between it. */
export interface SubjectTemplate {
  readonly text: string;
  readonly parts: readonly (string | { readonly attribute: string })[];
}

/** A template that cannot be used. The message says what is wrong and what a right one looks like. */
export class SubjectTemplateError extends Error {
  override readonly name = 'SubjectTemplateError';
}

/** What a record's attributes made of a template: the subject, or the attribute for which there is none. */
export type Subject =
  | { readonly found: true; readonly subject: string }
  | { readonly found: false; readonly attribute: string; readonly problem: SubjectProblem };

export type SubjectProblem = 'missing' | 'empty' | 'not text, a number or binary' | 'too long';

/** A longer subject is nobody's name, and would make usage records too large. */
export const longestSubjectCharacters = 1024;

/** Reads a template such as `{app_id}` or `app#{tenant}/{app_id}`. Throws a SubjectTemplateError. */
export function parseSubjectTemplate(text: string): SubjectTemplate {
  const parts: (string | { attribute: string })[] = [];
  let rest = text;
  while (rest !== '') {
    const [, literal = '', braces = '', attribute = ''] = /^([^{}]*)(\{([^{}]*)\})?/.exec(rest) ?? [];
    if (literal !== '') parts.push(literal);
    if (braces !== '') {
      if (attribute === '') throw templateError(text, 'names no attribute between "{" and "}"');
      parts.push({ attribute });
    }
    rest = rest.slice(literal.length + braces.length);
    if (literal === '' && braces === '')
      throw templateError(text, `has a "${rest.charAt(0)}" without its partner`);
  }
  if (parts.every((part) => typeof part === 'string')) {
    throw templateError(text, 'names no attribute, so that every write would have one and the same subject');
  }
  return { text, parts };
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
    const value = attributeText(part.attribute, images);
    if (typeof value !== 'string') return { found: false, attribute: part.attribute, problem: value.problem };
    subject += value;
    if (subject.length > longestSubjectCharacters) {
      return { found: false, attribute: part.attribute, problem: 'too long' };
    }
  }
  return { found: true, subject };
}

function attributeText(
  name: string,
  images: readonly (Image | undefined)[],
): string | { problem: SubjectProblem } {
  for (const image of images) {
    if (image === undefined || !Object.hasOwn(image, name)) continue;
    const attribute = image[name] as Readonly<Record<string, unknown>> | null | undefined;
    const value = attribute?.['S'] ?? attribute?.['N'] ?? attribute?.['B'];
    if (typeof value !== 'string') return { problem: 'not text, a number or binary' };
    return value === '' ? { problem: 'empty' } : value;
  }
  return { problem: 'missing' };
}
