import type { Difference } from './difference';
import { type Image, utf8Bytes } from './item-size';
import type { IndexKey, IndexPrice } from './price-list';
import { writeUnits } from './write-units';

/** What a change of an item costs one of its table's indexes. */
export interface IndexUnits {
  /** For the entry that was there: its removal, or its update where `added` is 0. */
  readonly removed: number;
  /** For the entry that came under a new key. */
  readonly added: number;
}

/**
 * What an entry of a local index costs beside its attributes. The Developer Guide names these 100 bytes for the storage
 * of entries of all indexes; at the border of a write unit, DynamoDB Local counts them for local indexes only.
 */
const localEntryBytes = 100;

const nothing: IndexUnits = { removed: 0, added: 0 };

/**
 * Write units of an index (DynamoDB Developer Guide, "Global secondary indexes", write capacity; the same for local
 * ones). An item has an entry only if it has all key attributes of the index, of their types. An entry that comes or
 * goes is one write by its size; one whose key changes is two, the old one's removal and the new one; one whose
 * other attributes change is one write by the larger of both sizes; one that does not change is none.
 */
export function indexUnits(
  index: IndexPrice,
  difference: Difference,
  oldImage: Image | undefined,
  newImage: Image | undefined,
): IndexUnits {
  const was = oldImage !== undefined && hasEntry(index.keys, oldImage, difference, 'oldBytes');
  const is = newImage !== undefined && hasEntry(index.keys, newImage, difference, 'newBytes');
  if (!was && !is) return nothing;
  if (!was) return { removed: 0, added: writeUnits(0, entryBytes(index, difference, 'newBytes')) };
  if (!is) return { removed: writeUnits(entryBytes(index, difference, 'oldBytes'), 0), added: 0 };
  if (!holdsChange(index, difference)) return nothing;
  const oldBytes = entryBytes(index, difference, 'oldBytes');
  const newBytes = entryBytes(index, difference, 'newBytes');
  return index.keys.some(({ position }) => difference.watched[position]?.changed)
    ? { removed: writeUnits(oldBytes, 0), added: writeUnits(0, newBytes) }
    : { removed: writeUnits(oldBytes, newBytes), added: 0 };
}

type Side = 'oldBytes' | 'newBytes';

/**
 * Bytes that all values of an index's partition key, and all of its sort key, may have together (DynamoDB Developer
 * Guide, "Quotas"; the error of DynamoDB Local for several attributes).
 */
const mostPartitionKeyBytes = 2048;
const mostSortKeyBytes = 1024;

/**
 * What has an attribute of another type, or a value no key may have, is not in the index: DynamoDB refuses to write
 * such an item, but one written before the index was there is simply left out of it.
 */
function hasEntry(keys: readonly IndexKey[], image: Image, difference: Difference, side: Side): boolean {
  let partitionBytes = 0;
  let sortBytes = 0;
  for (const { position, name, type, isSort } of keys) {
    const bytes = difference.watched[position]?.[side] ?? 0;
    if (bytes === 0) return false;
    const value = (image[name] as Readonly<Record<string, unknown>>)[type];
    if (value === undefined || value === '') return false;
    if (isSort) sortBytes += bytes;
    else partitionBytes += bytes;
  }
  // Only long values are worth taking their names' bytes off again.
  if (partitionBytes <= mostPartitionKeyBytes && sortBytes <= mostSortKeyBytes) return true;
  for (const { name, isSort } of keys) {
    if (isSort) sortBytes -= utf8Bytes(name);
    else partitionBytes -= utf8Bytes(name);
  }
  return partitionBytes <= mostPartitionKeyBytes && sortBytes <= mostSortKeyBytes;
}

function entryBytes({ holds, isLocal }: IndexPrice, difference: Difference, side: Side): number {
  let bytes = isLocal ? localEntryBytes : 0;
  if (holds === undefined) return bytes + difference[side];
  for (const position of holds) bytes += difference.watched[position]?.[side] ?? 0;
  return bytes;
}

function holdsChange({ holds }: IndexPrice, difference: Difference): boolean {
  if (holds === undefined) return difference.changed;
  for (const position of holds) if (difference.watched[position]?.changed) return true;
  return false;
}
