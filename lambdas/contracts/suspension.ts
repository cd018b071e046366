import { z } from 'zod';
import { excess } from './excess';
import { epochMs, name, version, wholeNumber } from './fields';

/**
 * What a suspended subject is refused: its writes, every request, or the requests of one route. A route has the name
 * that the API gives it; quotes, backslashes and control characters have no place in it, so that a script may join it
 * into JSON as it is.
 */
export const suspensionScope = z.union([
  z.enum(['writes', 'everything']),
  z.templateLiteral(['route:', z.string().regex(/[^"\\\u0000-\u001f]{1,200}/)]),
]);

/** A subject may not write until `until`. Both times are epoch milliseconds. */
export const suspension = z.strictObject({
  version,
  subject: name,
  since: epochMs,
  until: epochMs,
  /** 1 for the first episode; grows by one per episode. */
  offences: wholeNumber.min(1),
  scope: suspensionScope,
  /** The excess that last moved `until`. */
  reason: excess,
});

export type Suspension = z.infer<typeof suspension>;
export type SuspensionScope = z.infer<typeof suspensionScope>;
