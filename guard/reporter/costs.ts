import type { Consumed } from './consumed';
import { itemBytes, unitsOfBytes } from './item-bytes';
import { keyOf, type Table, type Write } from './tables';

/** What one write cost in one resource. */
export interface Cost {
  readonly resource: string;
  /** Undefined where the request does not show the resource's key. */
  readonly key: string | undefined;
  /** Undefined where the request does not show the subject. */
  readonly subject: string | undefined;
  readonly units: number;
  readonly writes: number;
}

/**
 * Gives what an answer says was consumed in a table to the writes that consumed it. The sum over all writes is the
 * answer's. Where one request holds several writes the answer has their sum only: it is shared by the size of what
 * each puts (a write whose item the request does not show counts as 1 KB).
 */
export function costsOf(table: Table, writes: readonly Write[], consumed: Consumed): Cost[] {
  const costs = shared(table, table.name, table.partitionKey, writes, consumed.tableUnits);
  for (const [index, units] of consumed.indexUnits) {
    if (units === 0) continue;
    const key = table.indexes.get(index) ?? [];
    const touching = key.length === 0 ? writes : writes.filter((write) => mayTouch(write, key));
    costs.push(
      ...shared(table, `${table.name}/${index}`, key, touching.length > 0 ? touching : writes, units),
    );
  }
  return costs;
}

/** A whole item without the index's key is not in the index: beside others, it has not consumed there. */
function mayTouch(write: Write, key: readonly string[]): boolean {
  return write.kind !== 'put' || keyOf(write.attributes, key) !== undefined;
}

function shared(
  table: Table,
  resource: string,
  key: readonly string[],
  writes: readonly Write[],
  total: number,
): Cost[] {
  const costs = (parts: readonly number[]): Cost[] =>
    writes.map((write, at) => ({
      resource,
      key: key.length === 0 ? undefined : keyOf(write.attributes, key),
      subject: table.subjectOf(write),
      units: parts[at] ?? 0,
      writes: 1,
    }));
  return writes.length === 1 ? costs([total]) : costs(partsOf(total, writes));
}

function partsOf(total: number, writes: readonly Write[]): readonly number[] {
  const weights = writes.map(({ kind, attributes }) =>
    kind === 'put' ? unitsOfBytes(itemBytes(attributes)) : 1,
  );
  return partAmong(total, weights);
}

/**
 * Parts a whole number in proportion to weights above 0, exactly: what rounding leaves goes to the largest
 * remainders, the first of equals first.
 */
export function partAmong(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  let left = total - parts.reduce((all, part) => all + part, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((one, other) => other.remainder - one.remainder || one.index - other.index);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left--;
  }
  return parts;
}
