import { z } from 'zod';

/** One attribute of a key, as the table's description names it. */
const keyAttribute = z.strictObject({ name: z.string().min(1), type: z.enum(['S', 'N', 'B']) });

const indexShape = z.strictObject({
  name: z.string().min(1),
  scope: z.enum(['global', 'local']),
  /** A global index may have up to four of each; a local one has the table's partition key. */
  partitionKey: z.array(keyAttribute).min(1),
  sortKey: z.array(keyAttribute),
  /** Names of the attributes that its entries hold, the table's and its own keys included; or all there are. */
  projected: z.union([z.literal('all'), z.array(z.string())]),
});

/**
 * What of a table's description decides what a change costs: its keys and the indexes that are written to. Lists are
 * in one order, so that two shapes say the same exactly if they are the same as JSON.
 */
export const tableShape = z.strictObject({
  table: z.string().min(1),
  partitionKey: keyAttribute,
  sortKey: keyAttribute.optional(),
  indexes: z.array(indexShape),
});

export type KeyAttributeShape = z.infer<typeof keyAttribute>;
export type IndexShape = z.infer<typeof indexShape>;
export type TableShape = z.infer<typeof tableShape>;
