import type { z } from 'zod';

/** What reading a record gave: the record, or why it is none, in one line that names the field. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; reason: string };

/** In characters. */
const longestReason = 1_000;

/**
 * Reads one JSON text as a record of the given schema. Never throws: a text that is no such record is an
 * answer, because its sender is another part and the rest of the batch must go on.
 */
export function parseRecord<T>(schema: z.ZodType<T>, text: string): Parsed<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return {
      ok: false,
      reason: bounded(`not JSON: ${cause instanceof Error ? cause.message : String(cause)}`),
    };
  }
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, reason: bounded(result.error.issues.map(describeIssue).join('; ')) };
}

/** A record of a thousand wrong fields must not make a reason that is larger than what takes it. */
function bounded(reason: string): string {
  return reason.length <= longestReason ? reason : `${reason.slice(0, longestReason)} …`;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  return `${path === '' ? 'the record' : path}: ${issue.message}`;
}
