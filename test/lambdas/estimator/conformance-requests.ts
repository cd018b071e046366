import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type ConsumedCapacity,
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { IndexShape, TableShape } from '../../../lambdas/estimator/table-shape';
import type { SeededWrite } from './conformance-writes';
import type { Item } from './naive-estimate';

/** Units by resource, a local index's among its table's. */
export type Units = Readonly<Record<string, number>>;

/** Creates a table of that shape with a stream of both images. Resolves with the stream's ARN. */
export async function createTableOf(client: DynamoDBClient, shape: TableShape): Promise<string> {
  const keys = new Map(
    [shape.partitionKey, ...(shape.sortKey ? [shape.sortKey] : []), ...shape.indexes.flatMap(keysOf)].map(
      ({ name, type }) => [name, type],
    ),
  );
  const own = [
    { AttributeName: shape.partitionKey.name, KeyType: 'HASH' as const },
    ...(shape.sortKey ? [{ AttributeName: shape.sortKey.name, KeyType: 'RANGE' as const }] : []),
  ];
  const indexesOf = (scope: IndexShape['scope']) =>
    shape.indexes
      .filter((index) => index.scope === scope)
      .map((index) => ({
        IndexName: index.name,
        KeySchema: [
          ...index.partitionKey.map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' as const })),
          ...index.sortKey.map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' as const })),
        ],
        Projection: projectionOf(
          index,
          own.map(({ AttributeName }) => AttributeName),
        ),
      }));
  const globals = indexesOf('global');
  const locals = indexesOf('local');
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: shape.table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...keys].map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      KeySchema: own,
      ...(globals.length > 0 ? { GlobalSecondaryIndexes: globals } : {}),
      ...(locals.length > 0 ? { LocalSecondaryIndexes: locals } : {}),
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  return TableDescription?.LatestStreamArn ?? '';
}

function keysOf({ partitionKey, sortKey }: IndexShape): IndexShape['partitionKey'] {
  return [...partitionKey, ...sortKey];
}

function projectionOf(index: IndexShape, tableKeys: readonly string[]) {
  if (index.projected === 'all') return { ProjectionType: 'ALL' as const };
  const held = new Set([...tableKeys, ...keysOf(index).map(({ name }) => name)]);
  const NonKeyAttributes = index.projected.filter((name) => !held.has(name));
  if (NonKeyAttributes.length === 0) return { ProjectionType: 'KEYS_ONLY' as const };
  return { ProjectionType: 'INCLUDE' as const, NonKeyAttributes };
}

/**
 * Makes a write that changes the item, or puts it as it is. Resolves with what DynamoDB says it consumed; undefined
 * where it does not say, because a condition failed.
 *
 * @param present whether the item is there: a condition is made to fail by it
 */
export async function consumedBy(
  client: DynamoDBClient,
  table: string,
  write: SeededWrite,
  present: boolean,
): Promise<Units | undefined> {
  const shared = { TableName: table, ReturnConsumedCapacity: 'INDEXES' as const };
  const Key = sdkItem(write.key);
  const Item = sdkItem({ ...write.key, ...write.attributes });
  switch (write.kind) {
    case 'put':
    case 'same-again':
      return unitsOf((await client.send(new PutItemCommand({ ...shared, Item }))).ConsumedCapacity);
    case 'delete':
      return unitsOf((await client.send(new DeleteItemCommand({ ...shared, Key }))).ConsumedCapacity);
    case 'update': {
      const sets = Object.entries(write.attributes);
      const names = [...sets.map(([name]) => name), ...write.removed];
      const set = sets.map((_, at) => `#a${at} = :a${at}`).join(', ');
      const removed = write.removed.map((_, at) => `#a${sets.length + at}`).join(', ');
      const update = new UpdateItemCommand({
        ...shared,
        Key,
        UpdateExpression: `SET ${set}${removed ? ` REMOVE ${removed}` : ''}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name, at) => [`#a${at}`, name])),
        ExpressionAttributeValues: Object.fromEntries(
          Object.values(sdkItem(write.attributes)).map((value, at) => [`:a${at}`, value]),
        ),
      });
      return unitsOf((await client.send(update)).ConsumedCapacity);
    }
    case 'failed-condition': {
      const ConditionExpression = present ? 'attribute_not_exists(pk)' : 'attribute_exists(pk)';
      try {
        await client.send(new PutItemCommand({ ...shared, Item, ConditionExpression }));
      } catch (cause) {
        if (cause instanceof ConditionalCheckFailedException) return undefined;
        throw cause;
      }
      throw new Error('the condition did not fail');
    }
  }
}

/** Puts items in one transaction. Resolves with what DynamoDB says it consumed. */
export async function consumedByTransaction(
  client: DynamoDBClient,
  table: string,
  items: readonly Item[],
): Promise<Units> {
  const { ConsumedCapacity: [consumed] = [] } = await client.send(
    new TransactWriteItemsCommand({
      ReturnConsumedCapacity: 'INDEXES',
      TransactItems: items.map((item) => ({ Put: { TableName: table, Item: sdkItem(item) } })),
    }),
  );
  return unitsOf(consumed);
}

/** What a change consumed in an index, and how many entries the index had before it and after it. */
export interface ChargedForNoEntry {
  readonly indexUnits: number;
  readonly entriesBefore: number;
  readonly entriesAfter: number;
}

/**
 * Takes one of two key attributes of an index from the only item and gives it the other one. The index is empty before
 * and after, so that nothing was written to it, whatever an answer says.
 */
export async function chargedForNoEntry(client: DynamoDBClient): Promise<ChargedForNoEntry> {
  const shape: TableShape = {
    table: 'no_entry',
    partitionKey: { name: 'pk', type: 'S' },
    indexes: [
      {
        name: 'sparse',
        scope: 'global',
        partitionKey: [{ name: 'a', type: 'S' }],
        sortKey: [{ name: 'b', type: 'S' }],
        projected: 'all',
      },
    ],
  };
  await createTableOf(client, shape);
  const put = async (item: Item): Promise<Units> => {
    const command = new PutItemCommand({
      TableName: shape.table,
      Item: sdkItem(item),
      ReturnConsumedCapacity: 'INDEXES',
    });
    return unitsOf((await client.send(command)).ConsumedCapacity);
  };
  const entries = async (): Promise<number> =>
    (await client.send(new ScanCommand({ TableName: shape.table, IndexName: 'sparse' }))).Count ?? NaN;
  await put({ pk: { S: 'k' }, a: { S: 'x' } });
  const entriesBefore = await entries();
  const units = await put({ pk: { S: 'k' }, b: { S: 'x' } });
  return { indexUnits: units['no_entry/sparse'] ?? 0, entriesBefore, entriesAfter: await entries() };
}

function unitsOf(consumed: ConsumedCapacity | undefined): Units {
  const table = consumed?.TableName ?? '';
  const units: Record<string, number> = {
    [table]: Object.values(consumed?.LocalSecondaryIndexes ?? {}).reduce(
      (sum, { CapacityUnits = 0 }) => sum + CapacityUnits,
      consumed?.Table?.CapacityUnits ?? NaN,
    ),
  };
  for (const [name, { CapacityUnits = 0 }] of Object.entries(consumed?.GlobalSecondaryIndexes ?? {})) {
    if (CapacityUnits > 0) units[`${table}/${name}`] = CapacityUnits;
  }
  return units;
}

/** Binary as bytes, where an event has it as base64. */
export function sdkItem(item: Item): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, sdkValue(value)]));
}

function sdkValue(value: Item[string]): AttributeValue {
  if (value.B !== undefined) return { B: Buffer.from(value.B, 'base64') };
  if (value.BS !== undefined) return { BS: value.BS.map((member) => Buffer.from(member, 'base64')) };
  if (value.L !== undefined) return { L: value.L.map(sdkValue) };
  if (value.M !== undefined) return { M: sdkItem(value.M as Item) };
  return value as AttributeValue;
}
