import { z } from 'zod';
import { didYouMean } from './did-you-mean';

// The same types, forms and bounds as the runner's (flink-sql/runner), so that a wrong value is found before
// anything is uploaded.

const LONGEST_DURATION_SECONDS = 99 * 3600;
const SECONDS_OF = { s: 1, m: 60, h: 3600 } as const;

/** Seconds of a duration such as `5s`, `2m` or `1h`; undefined if the text is none. */
export function durationSeconds(text: string): number | undefined {
  const match = /^([0-9]{1,6})([smh])$/.exec(text);
  if (match === null) return undefined;
  const seconds = Number(match[1]) * SECONDS_OF[match[2] as keyof typeof SECONDS_OF];
  return seconds <= LONGEST_DURATION_SECONDS ? seconds : undefined;
}

const integer = z.number().int();
const duration = z
  .string()
  .refine((text) => durationSeconds(text) !== undefined, {
    error: ({ input }) =>
      `is "${String(input)}", but a duration is whole seconds, minutes or hours such as 5s, 2m or 1h, at most 99h`,
  })
  // For editors: JSON Schema cannot say the refinement.
  .meta({ pattern: '^[0-9]{1,6}[smh]$', description: 'Whole seconds, minutes or hours: 5s, 2m, 1h' });
const doc = z.string().min(1).describe('What it means, with its unit, for whoever changes it');

/** A parameter as `application.json` declares it. Without a default a value must be given. */
export const parameterDeclaration = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('integer'),
    default: integer.optional(),
    min: integer.optional(),
    max: integer.optional(),
    doc,
  }),
  z.strictObject({
    type: z.literal('duration'),
    default: duration.optional(),
    min: duration.optional(),
    max: duration.optional(),
    doc,
  }),
  z.strictObject({
    type: z.literal('text'),
    default: z.string().optional(),
    values: z.array(z.string().min(1)).min(1).optional().describe('The only ones it may have'),
    doc,
  }),
  z.strictObject({
    type: z.literal('map<text, integer>'),
    default: z.record(z.string(), integer).optional(),
    min: integer.optional(),
    max: integer.optional(),
    doc,
  }),
]);

export type ParameterDeclaration = z.infer<typeof parameterDeclaration>;

/** A value as JSON writes it in `application.json` and `environments.json`. */
export type ParameterValue = number | string | Record<string, number>;

/** What checking a value gave: its text as a property of the application, or how it is wrong. */
export type Checked = { ok: true; text: string } | { ok: false; code: string; reason: string };

/**
 * Checks a value against its declaration. The reason continues a sentence that begins with the parameter's
 * name; the codes are the runner's.
 */
export function checkParameter(declaration: ParameterDeclaration, value: unknown): Checked {
  switch (declaration.type) {
    case 'integer':
      if (!Number.isSafeInteger(value)) return illTyped(value, 'an integer is a whole number such as 60000');
      return bounded(declaration, Number(value), String(value), `is ${String(value)}`);
    case 'duration': {
      const seconds = typeof value === 'string' ? durationSeconds(value) : undefined;
      if (seconds === undefined) {
        return illTyped(value, 'a duration is whole seconds, minutes or hours such as "5s", "2m" or "1h"');
      }
      return bounded(declaration, seconds, String(value), `is ${String(value)}`);
    }
    case 'text':
      if (typeof value !== 'string') return illTyped(value, 'a text is written in double quotes');
      return oneOf(declaration.values, value);
    case 'map<text, integer>':
      return checkMap(declaration, value);
  }
}

/** The JSON value that a text from the command line means for a declaration; the text itself if it is none. */
export function valueFromText(declaration: ParameterDeclaration, text: string): unknown {
  if (declaration.type === 'text' || declaration.type === 'duration') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function oneOf(values: readonly string[] | undefined, text: string): Checked {
  if (values === undefined || values.includes(text)) return { ok: true, text };
  const reason = `is "${text}", but it must be one of ${values.join(', ')}${didYouMean(text, values)}`;
  return { ok: false, code: 'parameter-bounds', reason };
}

function checkMap(declaration: ParameterDeclaration, value: unknown): Checked {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return illTyped(value, 'a map is an object of whole numbers such as {"users": 60000}');
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, number] of entries) {
    const subject = `has ${JSON.stringify(number)} for "${key}"`;
    if (!Number.isSafeInteger(number)) {
      return {
        ok: false,
        code: 'parameter-ill-typed',
        reason: `${subject}, but its values are whole numbers`,
      };
    }
    const checked = bounded(declaration, Number(number), '', subject);
    if (!checked.ok) return checked;
  }
  return { ok: true, text: JSON.stringify(Object.fromEntries(entries)) };
}

function bounded(declaration: ParameterDeclaration, measure: number, text: string, subject: string): Checked {
  const { min, max } = boundsOf(declaration);
  if (min !== undefined && measure < measureOf(min)) {
    return { ok: false, code: 'parameter-bounds', reason: `${subject}, less than its min ${min}` };
  }
  if (max !== undefined && measure > measureOf(max)) {
    return { ok: false, code: 'parameter-bounds', reason: `${subject}, more than its max ${max}` };
  }
  return { ok: true, text };
}

function boundsOf(declaration: ParameterDeclaration): {
  min: number | string | undefined;
  max: number | string | undefined;
} {
  if (declaration.type === 'text') return { min: undefined, max: undefined };
  return { min: declaration.min, max: declaration.max };
}

function measureOf(bound: number | string): number {
  return typeof bound === 'number' ? bound : (durationSeconds(bound) ?? 0);
}

function illTyped(value: unknown, form: string): Checked {
  return { ok: false, code: 'parameter-ill-typed', reason: `is ${JSON.stringify(value)}, but ${form}` };
}
