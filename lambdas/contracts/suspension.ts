import { z } from 'zod';
import { excess } from './excess';
import { epochMs, name, version, wholeNumber } from './fields';

/** What a suspended subject is refused: its writes, or every request. */
export const suspensionScope = z.enum(['writes', 'everything']);

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
