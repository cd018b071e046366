import { z } from 'zod';
import { epochSecond, name, version, wholeNumber } from './fields';

/**
 * One line of a usage record.
 *
 * - `resource`: where the cost lands, a table `users` or one of its indexes `users/by_email`.
 * - `key`: that resource's partition key as text, see key-text.ts.
 * - `subject`: who can be suspended for it; empty where the table's template found none, so that the units
 *   still count against the key but nobody can be suspended.
 * - `units`: write units. `writes`: how many changes they are the sum of.
 */
export const usageEntry = z.strictObject({
  resource: name,
  key: name,
  subject: z.string(),
  units: wholeNumber,
  writes: wholeNumber,
});

/**
 * One Kinesis record: entries of one batch and one second. `(source, batch, part, second)` names it: a batch
 * that is tried again makes records of the same names and the same content, which Flink counts once. Within one
 * record, (resource, key, subject) is unique.
 */
export const usageRecord = z.strictObject({
  version,
  /** The table whose stream it came from, or the reporter. */
  source: name,
  /** eventID of the batch's first stream record. */
  batch: name,
  /** Number of this record among those of the same batch and second, from 0. */
  part: wholeNumber,
  second: epochSecond,
  entries: z.array(usageEntry).min(1),
});

export type UsageEntry = z.infer<typeof usageEntry>;
export type UsageRecord = z.infer<typeof usageRecord>;
