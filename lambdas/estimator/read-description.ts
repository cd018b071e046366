import type { KeySchemaElement, Projection, TableDescription } from '@aws-sdk/client-dynamodb';
import type { IndexShape, KeyAttributeShape, TableShape } from './table-shape';

/** An index that exists and is not written to, or not for long: `building` it is reported, and not counted yet. */
export interface IndexInTransit {
  readonly index: string;
  readonly state: 'building' | 'dropped';
}

/** A table's description, as far as the estimator needs it. */
export interface Described {
  readonly shape: TableShape;
  readonly inTransit: readonly IndexInTransit[];
  /** Of the table's newest stream; undefined where it has none. */
  readonly stream: { readonly label: string; readonly viewType: string } | undefined;
  readonly createdMs: number;
}

/** A description that lacks what every table has. */
export class UnreadableDescription extends Error {
  override readonly name = 'UnreadableDescription';
}

/**
 * The shape of a described table. Which indexes are written to (DynamoDB Developer Guide, "Managing global secondary
 * indexes"): one that is being built from the moment it is backfilled, because from then on changes of the table go
 * into it too; one that is being dropped no longer. Throws UnreadableDescription.
 */
export function readDescription(description: TableDescription): Described {
  const table = needed(description.TableName, 'TableName');
  const types = new Map(
    (description.AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => [
      AttributeName,
      AttributeType,
    ]),
  );
  const keysOf = (schema: readonly KeySchemaElement[] | undefined, role: 'HASH' | 'RANGE') =>
    (schema ?? [])
      .filter(({ KeyType }) => KeyType === role)
      .map(({ AttributeName }): KeyAttributeShape => {
        const name = needed(AttributeName, 'AttributeName of a key');
        const type = types.get(name);
        if (type === 'S' || type === 'N' || type === 'B') return { name, type };
        throw new UnreadableDescription(`the description of ${table} has no type for its key ${name}`);
      });
  const [partitionKey] = keysOf(description.KeySchema, 'HASH');
  const [sortKey] = keysOf(description.KeySchema, 'RANGE');
  if (partitionKey === undefined) throw new UnreadableDescription(`the table ${table} has no partition key`);
  const tableKeys = [partitionKey, ...(sortKey ? [sortKey] : [])];

  const indexOf = (
    scope: IndexShape['scope'],
    index: { IndexName?: string | undefined; KeySchema?: KeySchemaElement[] | undefined } & {
      Projection?: Projection | undefined;
    },
  ): IndexShape => {
    const keys = { partitionKey: keysOf(index.KeySchema, 'HASH'), sortKey: keysOf(index.KeySchema, 'RANGE') };
    const held = [...tableKeys, ...keys.partitionKey, ...keys.sortKey].map(({ name }) => name);
    return {
      name: needed(index.IndexName, 'IndexName'),
      scope,
      ...keys,
      projected: projectedBy(index.Projection, held),
    };
  };
  const globals = description.GlobalSecondaryIndexes ?? [];
  const isBuilding = (index: (typeof globals)[number]): boolean =>
    index.IndexStatus === 'CREATING' && index.Backfilling !== true && description.TableStatus !== 'CREATING';
  const isDropped = (index: (typeof globals)[number]): boolean => index.IndexStatus === 'DELETING';
  const indexes = [
    ...globals
      .filter((index) => !isBuilding(index) && !isDropped(index))
      .map((index) => indexOf('global', index)),
    ...(description.LocalSecondaryIndexes ?? []).map((index) => indexOf('local', index)),
  ].sort((one, other) => (one.name < other.name ? -1 : 1));

  const label = description.LatestStreamLabel;
  return {
    shape: { table, partitionKey, ...(sortKey ? { sortKey } : {}), indexes },
    inTransit: globals.flatMap((index): IndexInTransit[] => {
      const name = index.IndexName ?? '';
      if (isBuilding(index)) return [{ index: name, state: 'building' }];
      return isDropped(index) ? [{ index: name, state: 'dropped' }] : [];
    }),
    stream:
      label === undefined
        ? undefined
        : { label, viewType: description.StreamSpecification?.StreamViewType ?? '' },
    createdMs: description.CreationDateTime?.getTime() ?? 0,
  };
}

function projectedBy(projection: Projection | undefined, held: readonly string[]): IndexShape['projected'] {
  switch (projection?.ProjectionType) {
    case 'ALL':
      return 'all';
    case 'INCLUDE':
      return inOrder([...held, ...(projection.NonKeyAttributes ?? [])]);
    case 'KEYS_ONLY':
      return inOrder(held);
    default:
      throw new UnreadableDescription(
        `an index has the unknown projection ${JSON.stringify(projection?.ProjectionType)}`,
      );
  }
}

function inOrder(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function needed(value: string | undefined, field: string): string {
  if (value) return value;
  throw new UnreadableDescription(`the table's description has no ${field}`);
}
