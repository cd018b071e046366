import { itemSizeBytes } from '../../lambdas/estimator/item-size';
import type { Attributes } from './tables';

/**
 * Bytes of an item as DynamoDB counts them, by the estimator's own rule. The SDK has binary as bytes, where a stream
 * record has it as base64. Throws where the item is not of DynamoDB's form.
 */
export function itemBytes(item: Attributes): number {
  return itemSizeBytes(withBase64(item) as Attributes);
}

function withBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(withBase64);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withBase64(inner)]));
}

/** Write units of one item of so many bytes (DynamoDB Developer Guide, "DynamoDB read and write operations"). */
export function unitsOfBytes(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}
