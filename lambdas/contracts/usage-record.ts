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

const sequenceNumber = z.string().regex(/^\d{1,40}$/, 'must be 1 to 40 digits');

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
  /**
   * Sequence numbers of the batch's first and last stream record, as digits. They tell when records were read again in
   * other batches, which their names cannot: such batches overlap, and hold changes of the same keys of the table. (Of
   * different shards, ranges overlap all the time; the changes of one key are in one shard.)
   */
  firstSequence: sequenceNumber.optional(),
  lastSequence: sequenceNumber.optional(),
  entries: z.array(usageEntry).min(1),
});

export type UsageEntry = z.infer<typeof usageEntry>;
export type UsageRecord = z.infer<typeof usageRecord>;
