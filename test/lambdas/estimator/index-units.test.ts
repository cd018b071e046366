import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { estimate } from '../../../lambdas/estimator/estimate';
import type { IndexShape, KeyAttributeShape } from '../../../lambdas/estimator/table-shape';
import { conformanceTables } from './conformance-tables';
import { canonical, type Item, naiveCosts } from './naive-estimate';
import { attributeName, attributeValue } from './seeded-items';
import { change, readingsOf, shapeOf } from './stream-records';

const key = (name: string, type: KeyAttributeShape['type'] = 'S'): KeyAttributeShape => ({ name, type });

/** An index by the text `by`, of the projection KEYS_ONLY unless told otherwise. */
function indexOf(changed: Partial<IndexShape> = {}): IndexShape {
  const index = { name: 'by', scope: 'global' as const, partitionKey: [key('by')], sortKey: [], ...changed };
  return {
    projected: ['pk', ...[...index.partitionKey, ...index.sortKey].map(({ name }) => name)],
    ...index,
  };
}

/** The costs of a change as `resource key units`, the table's own unit left out. */
function indexCosts(index: IndexShape, before?: Item, after?: Item): string[] {
  const result = estimate(recordOf(before, after), readingsOf([shapeOf('users', [index])]));
  if (result.kind !== 'cost') throw new Error(JSON.stringify(result));
  return result.cost.costs
    .map(({ resource, key: at, units }) => `${resource} ${at} ${String(units)}`)
    .slice(1);
}

function recordOf(before: Item | undefined, after: Item | undefined, table = 'users'): DynamoDBRecord {
  const record = change({ table });
  const rest = { ...record.dynamodb };
  delete rest.NewImage;
  const pk = (after ?? before)?.['pk'];
  const sk = (after ?? before)?.['sk'];
  return {
    ...record,
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    dynamodb: {
      ...rest,
      Keys: { ...(pk ? { pk } : {}), ...(sk ? { sk } : {}) },
      ...(after === undefined ? {} : { NewImage: after }),
      ...(before === undefined ? {} : { OldImage: before }),
    },
  };
}

const item = (others: Item): Item => ({ pk: { S: 'k' }, ...others });
const a = { by: { S: 'a' } };
const b = { by: { S: 'b' } };

describe('an index costs', () => {
  it.each<[string, Item | undefined, Item | undefined, string[]]>([
    ['a write for an entry that comes', undefined, item(a), ['users/by S:a 1']],
    ['a write for an entry that comes with an update', item({}), item(a), ['users/by S:a 1']],
    ['a write for an entry that goes', item(a), undefined, ['users/by S:a 1']],
    ['a write for an entry that goes with an update', item(a), item({}), ['users/by S:a 1']],
    ['a write for each key where the key changes', item(a), item(b), ['users/by S:a 1', 'users/by S:b 1']],
    ['nothing where the item has no entry', item({}), item({ x: { S: 'y' } }), []],
    ['nothing where nothing it holds changes', item(a), item({ ...a, x: { S: 'y' } }), []],
    [
      'nothing where a number is only written in another way',
      item({ ...a, n: { N: '100' } }),
      item({ ...a, n: { N: '1.0e2' }, x: { S: 'y' } }),
      [],
    ],
    ['nothing for a key of another type', undefined, item({ by: { N: '1' } }), []],
    ['nothing for an empty key', undefined, item({ by: { S: '' } }), []],
    ['nothing for a key longer than one may be', undefined, item({ by: { S: 'x'.repeat(2049) } }), []],
    [
      'units for the longest key',
      undefined,
      item({ by: { S: 'x'.repeat(2048) } }),
      [`users/by S:${'x'.repeat(2048)} 3`],
    ],
  ])('%s', (_situation, before, after, expected) => {
    const index = indexOf({ projected: ['pk', 'by', 'n'] });
    expect(indexCosts(index, before, after)).toEqual(expected);
  });

  const holding = indexOf({ projected: ['pk', 'by', 'held'] });
  const held = (length: number): Item => item({ ...a, held: { S: 'x'.repeat(length) } });
  // pk, k, by, a, held: 10 bytes beside the text.
  it.each<[string, number, number, string[]]>([
    ['the larger entry where it grows', 10, 1015, ['users/by S:a 2']],
    ['the larger entry where it shrinks', 1015, 10, ['users/by S:a 2']],
    ['one unit for exactly a KB', 10, 1014, ['users/by S:a 1']],
  ])('%s, of what it includes', (_situation, before, after, expected) => {
    expect(indexCosts(holding, held(before), held(after))).toEqual(expected);
  });

  it('each entry by its own size where the key changes', () => {
    expect(indexCosts(holding, held(1015), { ...held(10), ...b })).toEqual([
      'users/by S:a 2',
      'users/by S:b 1',
    ]);
  });

  it('any change where it holds everything', () => {
    const all = indexOf({ projected: 'all' });
    expect(indexCosts(all, item(a), item({ ...a, x: { S: 'y' } }))).toEqual(['users/by S:a 1']);
    expect(indexCosts(all, item({ ...a, x: { S: 'y' } }), item(a))).toEqual(['users/by S:a 1']);
  });

  it('one line where only its sort key changes', () => {
    const sorted = indexOf({ sortKey: [key('at', 'N')] });
    const at = (N: string): Item => item({ ...a, at: { N } });
    expect(indexCosts(sorted, at('1'), at('2'))).toEqual(['users/by S:a 2']);
    expect(indexCosts(sorted, at('1'), item(a))).toEqual(['users/by S:a 1']);
  });

  it('by the joined key where it has several partition key attributes, all of which must be there', () => {
    const joined = indexOf({ partitionKey: [key('by'), key('n', 'N'), key('c'), key('d', 'B')] });
    const whole = item({ ...a, n: { N: '7' }, c: { S: 'x|y' }, d: { B: 'AQI=' } });
    expect(indexCosts(joined, undefined, whole)).toEqual(['users/by S:a|N:7|S:x\\|y|B:AQI= 1']);
    const without = { ...whole };
    Reflect.deleteProperty(without, 'c');
    expect(indexCosts(joined, whole, without)).toEqual(['users/by S:a|N:7|S:x\\|y|B:AQI= 1']);
    expect(indexCosts(joined, undefined, without)).toEqual([]);
  });

  it('nothing where its sort key is longer than all attributes of one may be together', () => {
    const index = indexOf({ sortKey: [key('c'), key('d')] });
    const sorted = (length: number): Item =>
      item({ ...a, c: { S: 'x'.repeat(1000) }, d: { S: 'y'.repeat(length) } });
    expect(indexCosts(index, undefined, sorted(24))).toEqual(['users/by S:a 2']);
    expect(indexCosts(index, undefined, sorted(25))).toEqual([]);
  });

  it('the table itself where it is local', () => {
    const local = indexOf({ scope: 'local', partitionKey: [key('pk')], sortKey: [key('by')] });
    const costs = (before?: Item, after?: Item): unknown =>
      estimate(recordOf(before, after), readingsOf([shapeOf('users', [local])]));
    const own = (units: number): unknown =>
      expect.objectContaining({ costs: [{ resource: 'users', key: 'S:k', units }] });
    expect(costs(undefined, item(a))).toMatchObject({ cost: own(2) });
    expect(costs(item(a), item(b))).toMatchObject({ cost: own(3) });
    expect(costs(item({}), item({ x: { S: 'y' } }))).toMatchObject({ cost: own(1) });
  });
});

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
/** An attribute that some index wants as a key: often of its type, sometimes not. */
const keyed = (right: readonly AttributeValue[]): fc.Arbitrary<AttributeValue | undefined> =>
  maybe(
    fc.oneof({ arbitrary: fc.constantFrom(...right), weight: 4 }, { arbitrary: attributeValue, weight: 1 }),
  );
const texts = [{ S: 'a' }, { S: 'b|' }, { S: 'x'.repeat(400) }];
const numbers = [{ N: '1' }, { N: '-2.5' }];
const attributes = fc.record({
  s1: keyed(texts),
  s2: keyed(texts),
  s3: keyed(texts),
  s4: keyed(texts),
  n1: keyed(numbers),
  n2: keyed(numbers),
  n3: keyed(numbers),
  n4: keyed(numbers),
  b1: keyed([{ B: 'AQI=' }, { B: 'AA==' }]),
  inc1: maybe(attributeValue),
  inc2: maybe(fc.integer({ min: 0, max: 2_000 }).map((length) => ({ S: 'i'.repeat(length) }))),
  fill: maybe(fc.integer({ min: 0, max: 2_000 }).map((length) => ({ S: 'f'.repeat(length) }))),
});
const image = fc
  .tuple(
    attributes,
    attributeName.filter((name) => name.length > 4 || /[^a-z0-9]/.test(name)),
    attributeValue,
  )
  .map(([some, name, value]): Item => {
    const there = Object.entries(some).flatMap(([one, its]) => (its ? [[one, its]] : []));
    return { ...(Object.fromEntries(there) as Item), [name]: value, pk: { S: 'k' }, sk: { N: '1' } };
  });
/** Both images, the second often the first with little changed. */
const images = fc
  .tuple(
    image,
    image,
    fc.constantFrom('new', 'gone', 'other', 'some', 'same'),
    fc.subarray(Object.keys({ s1: 0, s2: 0, n1: 0, n2: 0, b1: 0, inc1: 0, inc2: 0, fill: 0 })),
  )
  .map(([one, other, how, names]): [Item | undefined, Item | undefined] => {
    if (how === 'new') return [undefined, one];
    if (how === 'gone') return [one, undefined];
    if (how === 'other') return [one, other];
    if (how === 'same') return [one, JSON.parse(JSON.stringify(one)) as Item];
    const changed = { ...one };
    for (const name of names) {
      const value = other[name];
      if (value === undefined) Reflect.deleteProperty(changed, name);
      else changed[name] = value;
    }
    return [one, changed];
  });

test('the estimate is that of a naive one that builds, sizes and compares whole entries', () => {
  const readings = readingsOf(
    conformanceTables,
    Object.fromEntries(conformanceTables.map(({ table }) => [table, { subject: '{pk}' }])),
  );
  const sorted = (costs: readonly object[]): string[] => costs.map((cost) => JSON.stringify(cost)).sort();
  fc.assert(
    fc.property(images, fc.constantFrom(...conformanceTables), ([before, after], shape) => {
      const result = estimate(recordOf(before, after, shape.table), readings);
      if (result.kind !== 'cost') throw new Error(JSON.stringify(result));
      expect(sorted(result.cost.costs)).toEqual(sorted(naiveCosts(shape, before, after)));
    }),
    { numRuns: process.env['SPILLWAY_FULL'] === '1' ? 20_000 : 1_000 },
  );
});

test('two images are the same to the estimate exactly if they are the same but for the order of sets and names', () => {
  const all = readingsOf([shapeOf('users', [indexOf({ projected: 'all' })])]);
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, inner]) => {
      const isSet = ['SS', 'NS', 'BS'].includes(name) && Array.isArray(inner);
      return [name, isSet ? [...(inner as unknown[])].reverse() : shuffled(inner)];
    });
    return Object.fromEntries(entries.reverse());
  };
  fc.assert(
    fc.property(attributeValue, attributeValue, (one, other) => {
      const before = item({ ...a, v: one });
      const costsOfIndex = (after: Item): number => {
        const result = estimate(recordOf(before, after), all);
        return result.kind === 'cost' ? result.cost.costs.length - 1 : NaN;
      };
      expect(costsOfIndex(shuffled(before) as Item)).toBe(0);
      expect(costsOfIndex(item({ ...a, v: other }))).toBe(canonical(one) === canonical(other) ? 0 : 1);
    }),
    { numRuns: 1_000 },
  );
});

test('an attribute named like what every object has is an attribute like others', () => {
  const all = readingsOf([shapeOf('users', [indexOf({ projected: 'all' })])]);
  const before = JSON.parse('{"pk":{"S":"k"},"by":{"S":"a"}}') as Item;
  const after = JSON.parse(
    '{"pk":{"S":"k"},"by":{"S":"a"},"__proto__":{"S":"x"},"toString":{"S":"y"}}',
  ) as Item;
  expect(estimate(recordOf(before, after), all)).toMatchObject({
    cost: { costs: [{}, { key: 'S:a', units: 1 }] },
  });
  expect(estimate(recordOf(after, JSON.parse(JSON.stringify(after)) as Item), all)).toMatchObject({
    cost: { costs: [{ resource: 'users' }] },
  });
});
