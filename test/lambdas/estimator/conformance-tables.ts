import type { IndexShape, KeyAttributeShape, TableShape } from '../../../lambdas/estimator/table-shape';

const text = (name: string): KeyAttributeShape => ({ name, type: 'S' });
const number = (name: string): KeyAttributeShape => ({ name, type: 'N' });
const binary = (name: string): KeyAttributeShape => ({ name, type: 'B' });
const tableKeys = [text('pk'), number('sk')];

/** An index whose keys are some of the attributes `s1` to `s4` (text), `n1` to `n4` (numbers), `b1` (binary). */
function indexOf(
  scope: IndexShape['scope'],
  name: string,
  partitionKey: readonly KeyAttributeShape[],
  sortKey: readonly KeyAttributeShape[],
  included: readonly string[] | 'all' | 'keys',
): IndexShape {
  const held = [...tableKeys, ...partitionKey, ...sortKey].map((key) => key.name);
  const others = included === 'all' || included === 'keys' ? [] : included;
  return {
    name,
    scope,
    partitionKey: [...partitionKey],
    sortKey: [...sortKey],
    projected: included === 'all' ? 'all' : [...new Set([...held, ...others])].sort(),
  };
}

const global = (
  name: string,
  partition: readonly KeyAttributeShape[],
  sort: readonly KeyAttributeShape[],
  included: Parameters<typeof indexOf>[4],
): IndexShape => indexOf('global', name, partition, sort, included);
const local = (name: string, sort: KeyAttributeShape, included: Parameters<typeof indexOf>[4]): IndexShape =>
  indexOf('local', name, [text('pk')], [sort], included);

const indexSets: Readonly<Record<string, readonly IndexShape[]>> = {
  none: [],
  one_of_all: [global('all', [text('s1')], [], 'all')],
  keys_and_local: [
    global('keys', [number('n1')], [text('s1')], 'keys'),
    local('local', text('s2'), ['inc1']),
  ],
  include_keys_local: [
    global('include', [text('s1')], [number('n1')], ['inc1', 'inc2']),
    global('keys', [binary('b1')], [], 'keys'),
    local('local', number('n2'), 'all'),
  ],
  two_and_two: [
    global('all', [text('s1')], [text('s2')], 'all'),
    global('include', [number('n1')], [], ['inc2', 'fill']),
    local('local_keys', text('s2'), 'keys'),
    local('local_all', binary('b1'), 'all'),
  ],
  five: [
    global('all', [text('s1')], [], 'all'),
    global('include', [text('s2')], [number('n1')], ['inc1']),
    global('keys', [number('n2')], [binary('b1')], 'keys'),
    global('by_table_sort', [number('sk')], [], ['inc2']),
    local('local', number('n1'), ['inc1', 'inc2']),
  ],
  of_many_keys: [
    global('two_and_one', [text('s1'), number('n1')], [text('s2')], 'keys'),
    global(
      'four_and_four',
      [text('s1'), number('n1'), text('s2'), number('n2')],
      [text('s3'), number('n3'), text('s4'), number('n4')],
      ['inc1'],
    ),
    global('all', [text('s3'), text('s4')], [], 'all'),
  ],
};

/** Tables with 0 to 5 indexes of all projections, each a name of its own. */
export const conformanceTables: readonly TableShape[] = Object.entries(indexSets).map(([table, indexes]) => ({
  table,
  partitionKey: text('pk'),
  sortKey: number('sk'),
  indexes: [...indexes].sort((one, other) => (one.name < other.name ? -1 : 1)),
}));
