import fc from 'fast-check';
import type { TableShape } from '../../../lambdas/estimator/table-shape';
import { entryOf, type Item, sizeOf } from './naive-estimate';
import { attributeName, attributeValue } from './seeded-items';

/** What a write does. The last two leave no stream record. */
export type WriteKind = 'put' | 'update' | 'delete' | 'same-again' | 'failed-condition';

export interface SeededWrite {
  readonly kind: WriteKind;
  readonly key: Item;
  /** All other attributes after a put; those that an update sets. */
  readonly attributes: Item;
  /** Those that an update removes. */
  readonly removed: readonly string[];
}

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 4 });
/** Few values, so that keys often stay as they are; long ones make entries of keys only larger than a KB. */
const textKey = fc.constantFrom('a', 'ä|\\', 'x'.repeat(500), 'y'.repeat(1_000)).map((S) => ({ S }));
/** Up to four of them may make a sort key, which takes no more than a KB. */
const shortTextKey = fc.constantFrom('a', 'ä|\\', 'z'.repeat(300)).map((S) => ({ S }));
const numberKey = fc.constantFrom('1', '-2.5', '1e20').map((N) => ({ N }));
const included = fc.oneof(
  attributeValue,
  fc.integer({ min: 0, max: 2_200 }).map((length) => ({ S: 'i'.repeat(length) })),
);

const attributes = fc.record({
  s1: optional(textKey),
  s2: optional(textKey),
  s3: optional(shortTextKey),
  s4: optional(shortTextKey),
  n1: optional(numberKey),
  n2: optional(numberKey),
  n3: optional(numberKey),
  n4: optional(numberKey),
  b1: optional(fc.constantFrom('AQI=', 'AA==').map((B) => ({ B }))),
  inc1: optional(included),
  inc2: optional(included),
});
const known = [
  'pk',
  'sk',
  'count',
  'fill',
  's1',
  's2',
  's3',
  's4',
  'n1',
  'n2',
  'n3',
  'n4',
  'b1',
  'inc1',
  'inc2',
];

/**
 * A write to a table. Each one changes the item, by a count of its own that no index but one of everything holds,
 * unless it is of a kind that changes nothing. A put is filled up around a border, where a byte too many costs a unit
 * more: of the whole item, or of an entry in an index that holds what is filled.
 */
export function seededWrite(shape: TableShape): fc.Arbitrary<(count: number) => SeededWrite> {
  return fc
    .record({
      kind: fc.constantFrom<WriteKind>(
        ...(['put', 'put', 'put', 'put', 'update', 'update', 'update', 'delete'] as const),
        ...(['same-again', 'failed-condition'] as const),
      ),
      pk: fc.constantFrom('a', 'b', 'ç'),
      sk: fc.constantFrom('1', '-20'),
      attributes,
      other: fc.tuple(
        attributeName.filter((name) => !known.includes(name)),
        attributeValue,
      ),
      aim: fc.nat({ max: shape.indexes.length }),
      filled: fc.constantFrom('fill', 'inc1', 'inc2'),
      size: fc
        .tuple(fc.constantFrom(1024, 2048, 3072), fc.integer({ min: -1, max: 2 }))
        .map(([border, aside]) => border + aside),
    })
    .map(({ kind, pk, sk, attributes: some, other, aim, filled, size }) => (count) => {
      const present = Object.entries(some).flatMap(([name, value]) => (value ? [[name, value]] : []));
      const key: Item = { pk: { S: pk }, sk: { N: sk } };
      const own: Item = {
        ...(Object.fromEntries(present) as Item),
        [other[0]]: other[1],
        count: { N: String(count) },
        [filled]: { S: '' },
      };
      const index = shape.indexes[aim - 1];
      const measured = index ? entryOf(index, { ...key, ...own }) : { ...key, ...own };
      const missing = size - sizeOf(measured) - (index?.scope === 'local' ? 100 : 0);
      const isHeld = measured !== undefined && filled in measured && missing > 0;
      return {
        kind,
        key,
        attributes: { ...own, [filled]: { S: 'f'.repeat(isHeld ? missing : 0) } },
        removed: Object.entries(some).flatMap(([name, value]) => (value || name === filled ? [] : [name])),
      };
    });
}
