import {
  type AttributeValue,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Setting, startSetting } from './setting';

let setting: Setting;

beforeEach(async () => {
  setting = await startSetting();
});

afterEach(() => setting.end());

type Item = Record<string, AttributeValue>;

const key = (app: string, id = '1'): Item => ({ app_id: { S: app }, id: { S: id } });
const item = (app: string, id = '1', more: Item = {}): Item => ({ ...key(app, id), ...more });
const text = (bytes: number): Item => ({ text: { S: 'x'.repeat(bytes) } });
const put = (Item: Item): PutItemCommand => new PutItemCommand({ TableName: setting.table, Item });

test('a write counts in the table and in each index by its own key, as DynamoDB reports it', async () => {
  const { table, reported } = setting;
  const more = { email: { S: 'a@b.c' }, city: { S: 'Oslo' }, rank: { S: '7' }, ...text(2_500) };
  await reported.send(put(item('app_1', '1', more)));
  expect(await setting.usage()).toEqual([
    // 3 units of the item and 3 of its copy in the local index, which shares the table's partition.
    { resource: table, key: 'S:app_1', subject: 'app_1', units: 6, writes: 1 },
    { resource: `${table}/by_city`, key: 'S:Oslo', subject: 'app_1', units: 1, writes: 1 },
    { resource: `${table}/by_email`, key: 'S:a@b.c', subject: 'app_1', units: 3, writes: 1 },
  ]);
});

test('identical rewrites count each time', async () => {
  const { table, reported } = setting;
  for (let i = 0; i < 5; i++) await reported.send(put(item('app_1', '1', text(4_000))));
  expect(await setting.usage()).toEqual([
    { resource: table, key: 'S:app_1', subject: 'app_1', units: 20, writes: 5 },
  ]);
});

test('updates show an index key that they set, deletes do not show it', async () => {
  const { table, reported, bare } = setting;
  await bare.send(put(item('app_1')));
  await reported.send(
    new UpdateItemCommand({
      TableName: table,
      Key: key('app_1'),
      UpdateExpression: 'SET #mail = :mail, visits = if_not_exists(visits, :zero) REMOVE nothing',
      ExpressionAttributeNames: { '#mail': 'email' },
      ExpressionAttributeValues: { ':mail': { S: 'a@b.c' }, ':zero': { N: '0' } },
    }),
  );
  await reported.send(new DeleteItemCommand({ TableName: table, Key: key('app_1') }));
  expect(await setting.usage()).toEqual([
    { resource: table, key: 'S:app_1', subject: 'app_1', units: 2, writes: 2 },
    { resource: `${table}/by_email`, key: 'S:a@b.c', subject: 'app_1', units: 1, writes: 1 },
  ]);
  expect(setting.reporter.state().withoutKey).toEqual({ [`${table}/by_email`]: 1 });
  expect(setting.events.map(({ kind }) => kind)).toEqual(['no-key']);
});

test.each([undefined, 'NONE', 'TOTAL', 'INDEXES'] as const)(
  'the caller who asks for %s sees what it would see without the reporter',
  async (ReturnConsumedCapacity) => {
    const { table, reported, bare } = setting;
    const Item = item('app_1', '1', { email: { S: 'a@b.c' } });
    const input = { TableName: table, Item, ...(ReturnConsumedCapacity && { ReturnConsumedCapacity }) };
    const before = JSON.stringify(input);
    await bare.send(put(Item));
    const { $metadata: plain, ...expected } = await bare.send(new PutItemCommand(input));
    const { $metadata, ...seen } = await reported.send(new PutItemCommand(input));
    expect(seen).toEqual(expected);
    expect($metadata.httpStatusCode).toBe(plain.httpStatusCode);
    expect(JSON.stringify(input)).toBe(before);

    const requests = { [table]: [{ PutRequest: { Item: item('app_1', '2') } }] };
    const batch = new BatchWriteItemCommand({ ...input, RequestItems: requests } as object as {
      RequestItems: typeof requests;
    });
    const { $metadata: one, ...expectedBatch } = await bare.send(batch);
    const { $metadata: other, ...seenBatch } = await reported.send(batch);
    expect(seenBatch).toEqual(expectedBatch);
    expect(one.httpStatusCode).toBe(other.httpStatusCode);
  },
);

test('a failed condition counts by the size of the item that is there, and the caller does not see that item', async () => {
  const { table, reported, bare } = setting;
  const binary = {
    bytes: { B: new Uint8Array(1_500) },
    parts: { L: [{ M: { one: { BS: [new Uint8Array(9)] } } }] },
  };
  await bare.send(put(item('app_1', '1', { ...text(3_000), ...binary })));
  const condition = { TableName: table, ConditionExpression: 'attribute_not_exists(app_id)' };
  const error = await reported
    .send(new PutItemCommand({ ...condition, Item: item('app_1') }))
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConditionalCheckFailedException);
  expect(error).not.toHaveProperty('Item');
  expect(await setting.usage()).toEqual([
    { resource: table, key: 'S:app_1', subject: 'app_1', units: 5, writes: 1 },
  ]);

  const asked = await reported
    .send(
      new DeleteItemCommand({
        ...condition,
        Key: key('app_1'),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    )
    .catch((thrown: unknown) => thrown);
  expect(asked).toHaveProperty('Item.id', { S: '1' });
});

test('a batch is shared among its keys by the size of their items, and adds up to what DynamoDB says', async () => {
  const { table, reported } = setting;
  const puts = [
    { Item: item('app_1', '1', text(10_000)) },
    { Item: item('app_1', '2') },
    { Item: item('app_2', '1', text(2_000)) },
  ].map((PutRequest) => ({ PutRequest }));
  await reported.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
  expect(await setting.usage()).toEqual([
    { resource: table, key: 'S:app_1', subject: 'app_1', units: 11, writes: 2 },
    { resource: table, key: 'S:app_2', subject: 'app_2', units: 2, writes: 1 },
  ]);
});

test('a transaction counts what DynamoDB says it consumed, and one that failed its condition at one unit', async () => {
  const { table, reported } = setting;
  const write = (app: string, condition?: string): object => ({
    Put: {
      TableName: table,
      Item: item(app),
      ...(condition !== undefined && { ConditionExpression: condition }),
    },
  });
  const { ConsumedCapacity } = await reported.send(
    new TransactWriteItemsCommand({
      TransactItems: [write('app_1'), write('app_2')],
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  const units = ConsumedCapacity?.[0]?.CapacityUnits ?? NaN;
  const cancelled = reported.send(
    new TransactWriteItemsCommand({
      TransactItems: [write('app_3'), write('app_2', 'attribute_not_exists(id)')],
    }),
  );
  await expect(cancelled).rejects.toBeInstanceOf(TransactionCanceledException);
  expect(await setting.usage()).toEqual([
    { resource: table, key: 'S:app_1', subject: 'app_1', units: units / 2, writes: 1 },
    { resource: table, key: 'S:app_2', subject: 'app_2', units: units / 2 + 1, writes: 2 },
  ]);
});

test('reads do not count', async () => {
  const { table, reported } = setting;
  await reported.send(
    new ExecuteStatementCommand({ Statement: `SELECT * FROM "${table}" WHERE app_id = 'app_1'` }),
  );
  await reported.send(new GetItemCommand({ TableName: table, Key: key('app_1') }));
  expect(await setting.usage()).toEqual([]);
});

test("a document client's writes count, and its caller sees plain values", async () => {
  const { table } = setting;
  const documents = DynamoDBDocumentClient.from(setting.reported);
  const Item = { app_id: 'app_1', id: '1', email: 'a@b.c', count: 5, data: new Uint8Array(3_000) };
  await documents.send(new PutCommand({ TableName: table, Item }));
  const answer = await documents.send(new PutCommand({ TableName: table, Item, ReturnValues: 'ALL_OLD' }));
  expect(answer.Attributes).toEqual(Item);
  expect(answer).not.toHaveProperty('ConsumedCapacity');
  expect(await setting.usage()).toEqual([
    { resource: table, key: 'S:app_1', subject: 'app_1', units: 6, writes: 2 },
    // The second one changed nothing, and an index is written only where something changes.
    { resource: `${table}/by_email`, key: 'S:a@b.c', subject: 'app_1', units: 3, writes: 1 },
  ]);
});

test('tables that are not named are left alone', async () => {
  const other = await startSetting();
  try {
    await setting.reported.send(new PutItemCommand({ TableName: other.table, Item: item('app_1') }));
    expect(await setting.usage()).toEqual([]);
  } finally {
    await other.end();
  }
});
