import type { IndexShape, KeyAttributeShape, TableShape } from './table-shape';

/** A table's shape, laid out so that a change is priced without looking anything up by name twice. */
export interface PriceList {
  readonly shape: TableShape;
  /** Positions of the attributes that some index holds or is keyed by. */
  readonly watch: ReadonlyMap<string, number>;
  readonly indexes: readonly IndexPrice[];
}

export interface IndexPrice {
  /** Where its cost lands: `users/by_email`; a local index's cost lands on the table. */
  readonly resource: string;
  readonly isLocal: boolean;
  /** The partition key's attributes first. */
  readonly keys: readonly IndexKey[];
  readonly partitionKey: readonly KeyAttributeShape[];
  /** Positions of what its entries hold; undefined where they hold everything. */
  readonly holds: readonly number[] | undefined;
}

export interface IndexKey extends KeyAttributeShape {
  readonly position: number;
  readonly isSort: boolean;
}

/** The price list of a shape. */
export function priceListOf(shape: TableShape): PriceList {
  const watch = new Map<string, number>();
  const positionOf = (name: string): number => {
    const position = watch.get(name) ?? watch.size;
    watch.set(name, position);
    return position;
  };
  const keyOf = (key: KeyAttributeShape, isSort: boolean): IndexKey => ({
    ...key,
    isSort,
    position: positionOf(key.name),
  });
  const indexes = shape.indexes.map(
    ({ name, scope, partitionKey, sortKey, projected }: IndexShape): IndexPrice => ({
      resource: scope === 'local' ? shape.table : `${shape.table}/${name}`,
      isLocal: scope === 'local',
      keys: [...partitionKey.map((key) => keyOf(key, false)), ...sortKey.map((key) => keyOf(key, true))],
      partitionKey,
      holds: projected === 'all' ? undefined : projected.map(positionOf),
    }),
  );
  return { shape, watch, indexes };
}
