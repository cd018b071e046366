import { z } from 'zod';
import { name, version } from './fields';

/**
 * A record that a part could not use, kept on the set-aside stream with the reason: never dropped, never in the
 * way of the records behind it. Flink's `late` and `malformed` tables write the same fields.
 */
export const setAside = z.strictObject({
  version,
  /** The part that set it aside. */
  setAsideBy: z.enum(['estimator', 'flink', 'alerter']),
  /** A stable word to count and alarm on, such as `late`, `malformed`, `no-subject`. */
  reason: name,
  /** One sentence for people: what, where, and what to do. */
  detail: z.string(),
  /** The record as it came, as text. */
  record: z.string(),
});

export type SetAside = z.infer<typeof setAside>;
