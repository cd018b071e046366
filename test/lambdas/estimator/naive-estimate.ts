import type { AttributeValue } from 'aws-lambda';
import type { IndexShape, TableShape } from '../../../lambdas/estimator/table-shape';

/** An item as an event holds it: binary as base64. */
export type Item = Record<string, AttributeValue>;

/** What a change costs, the slow and obvious way: the whole entries are built, sized and compared as text. */
export function naiveCosts(
  shape: TableShape,
  before: Item | undefined,
  after: Item | undefined,
): { resource: string; key: string; units: number }[] {
  const costs = new Map<string, { resource: string; key: string; units: number }>();
  const add = (resource: string, key: string, units: number): void => {
    const cost = costs.get(`${resource}\n${key}`) ?? { resource, key, units: 0 };
    cost.units += units;
    costs.set(`${resource}\n${key}`, cost);
  };
  const own = after ?? before ?? {};
  const ownKey = typed(own[shape.partitionKey.name]);
  add(shape.table, ownKey, unitsOf(Math.max(sizeOf(before), sizeOf(after))));
  for (const index of shape.indexes) {
    const [was, is] = [entryOf(index, before), entryOf(index, after)];
    const resource = index.scope === 'local' ? shape.table : `${shape.table}/${index.name}`;
    const overhead = index.scope === 'local' ? 100 : 0;
    const keyOf = (entry: Item): string =>
      index.partitionKey.map(({ name }) => typed(entry[name]).replace(/([\\|])/g, '\\$1')).join('|');
    if (was && is && entryKey(index, was) === entryKey(index, is)) {
      if (canonical(was) !== canonical(is))
        add(resource, keyOf(is), unitsOf(overhead + Math.max(sizeOf(was), sizeOf(is))));
      continue;
    }
    if (was) add(resource, keyOf(was), unitsOf(overhead + sizeOf(was)));
    if (is) add(resource, keyOf(is), unitsOf(overhead + sizeOf(is)));
  }
  return [...costs.values()];
}

/** The item's entry in an index; undefined where it has none. */
export function entryOf(index: IndexShape, item: Item | undefined): Item | undefined {
  if (item === undefined) return undefined;
  const keys = [...index.partitionKey, ...index.sortKey];
  if (!keys.every(({ name, type }) => typed(item[name]).startsWith(`${type}:`))) return undefined;
  const { projected } = index;
  if (projected === 'all') return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => projected.includes(name)));
}

function entryKey({ partitionKey, sortKey }: IndexShape, entry: Item): string {
  return [...partitionKey, ...sortKey].map(({ name }) => canonical(entry[name])).join();
}

function typed(value: AttributeValue | undefined): string {
  const [type = '', inner] = Object.entries(value ?? {})[0] ?? [];
  return typeof inner === 'string' && inner !== '' ? `${type}:${inner}` : '';
}

function unitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

/** Text that is the same for items that are the same: names sorted, members of sets sorted. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, inner]) => {
    const isSet = ['SS', 'NS', 'BS'].includes(name) && Array.isArray(inner);
    if (name === 'N' && typeof inner === 'string') return `"N":${plainNumber(inner)}`;
    if (name === 'NS' && Array.isArray(inner)) {
      return `"NS":${canonical((inner as string[]).map(plainNumber).sort())}`;
    }
    const text = isSet ? canonical([...(inner as unknown[])].sort()) : canonical(inner);
    return `${JSON.stringify(name)}:${text}`;
  });
  return `{${fields.sort().join()}}`;
}

/** A number as a whole number of 10^-400: large, and the same for one value however it is written. */
function plainNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = BigInt(whole + fraction) * 10n ** BigInt(400 + Number(power) - fraction.length);
  return String(sign === '-' ? -digits : digits);
}

/** Bytes of an item, 0 where there is none. */
export function sizeOf(item: Item | undefined): number {
  return Object.entries(item ?? {}).reduce((sum, [name, value]) => sum + utf8(name) + valueSize(value), 0);
}

function valueSize(value: AttributeValue): number {
  const sum = <T>(values: readonly T[], size: (one: T) => number): number =>
    values.reduce((total, one) => total + size(one), 0);
  if (value.S !== undefined) return utf8(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return Buffer.from(value.B, 'base64').length;
  if (value.SS !== undefined) return sum(value.SS, utf8);
  if (value.NS !== undefined) return sum(value.NS, numberSize);
  if (value.BS !== undefined) return sum(value.BS, (one) => Buffer.from(one, 'base64').length);
  if (value.L !== undefined) return 3 + sum(value.L, (one) => 1 + valueSize(one));
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + sizeOf(value.M as Item);
  return 1;
}

function utf8(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Written out in full, cut into pairs of digits on both sides of the point, without pairs of zeros at the ends. */
function numberSize(text: string): number {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const zeros = '0'.repeat(200);
  const digits = zeros + whole + fraction + zeros;
  const point = zeros.length + whole.length + Number(power);
  const aligned = point % 2 === 0 ? digits : `0${digits}`;
  const pairs = (aligned.length % 2 === 0 ? aligned : `${aligned}0`).match(/../g) ?? [];
  const significant = pairs.map((pair) => (pair === '00' ? ' ' : 'x')).join('');
  const kept = significant.trim().length;
  return kept === 0 ? 1 : Math.min(21, 1 + kept + (sign === '-' ? 1 : 0));
}
