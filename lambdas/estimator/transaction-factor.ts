import type { Image } from './item-size';
import { sameAttribute } from './same-attribute';
import type { Transactions } from './table-settings';

/**
 * How many times a change costs its table's item write units: 2 within a transaction, which prepares the write and
 * commits it, else 1 (DynamoDB Developer Guide, "Amazon DynamoDB Transactions: capacity management"). Index entries
 * are written once either way. With a marker attribute, a change belongs to a transaction if it gave the attribute
 * a new value; of a delete that cannot be told, and it counts once.
 */
export function transactionFactor(
  transactions: Transactions,
  oldImage: Image | undefined,
  newImage: Image | undefined,
): 1 | 2 {
  if (transactions === 'always') return 2;
  if (transactions === 'never' || newImage === undefined) return 1;
  const { attribute } = transactions;
  if (!Object.hasOwn(newImage, attribute)) return 1;
  const before = oldImage && Object.hasOwn(oldImage, attribute) ? oldImage[attribute] : undefined;
  return sameAttribute(newImage[attribute], before) ? 1 : 2;
}
