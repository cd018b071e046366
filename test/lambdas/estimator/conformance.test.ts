import {
  type AttributeValue,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import fc from 'fast-check';
import { dynamoDbEventRecord } from '../../../infra/local/event-sources/dynamodb-event';
import { startDynamoDbStreamSource } from '../../../infra/local/event-sources/dynamodb-stream';
import type { StreamSource } from '../../../infra/local/event-sources/stream-source';
import { estimate } from '../../../lambdas/estimator/estimate';
import { itemSizeBytes } from '../../../lambdas/estimator/item-size';
import { readingsFor } from '../../../lambdas/estimator/readings';
import { readSettings } from '../../../lambdas/estimator/settings';
import { createShapes } from '../../../lambdas/estimator/shapes';
import { tablesPort } from '../../../lambdas/estimator/tables-port';
import { recordingHandler } from '../../infra/local/event-sources/recording-handler';
import { serverEnvironment } from '../../infra/local/event-sources/servers';
import { type StreamedTable, streamedTable } from '../../infra/local/event-sources/streams-of-one-test';
import { until } from '../../infra/local/event-sources/until';

const writes = 400;
const seed = 4_711;

let table: StreamedTable;
let source: StreamSource | undefined;

beforeEach(async () => {
  table = await streamedTable(serverEnvironment());
});

afterEach(async () => {
  await source?.stop();
  table.dynamoDb.destroy();
  table.streams.destroy();
});

const number = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }),
    fc.integer({ min: 0, max: 38 }),
    fc.integer({ min: -80, max: 80 }),
  )
  .map(
    ([negative, digits, kept, power]) =>
      `${negative ? '-' : ''}${String(digits).slice(0, Math.max(1, kept))}e${String(power)}`,
  );
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const name = text.filter((name) => name !== '');
const bytes = fc.uint8Array({ maxLength: 30 });
const set = <T>(member: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(member, { minLength: 1, maxLength: 4, selector: String });

const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text.map((S) => ({ S })),
    number.map((N) => ({ N })),
    bytes.map((B) => ({ B })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true as const }),
    set(text.filter((member) => member !== '')).map((SS) => ({ SS })),
    set(fc.integer().map(String)).map((NS) => ({ NS })),
    set(bytes.filter(({ length }) => length > 0)).map((BS) => ({ BS })),
    fc.array(tie('value'), { maxLength: 4 }).map((L) => ({ L })),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }).map((M) => ({ M })),
  ),
}));

/** `size` is that of the item after the write: around a border, where a byte too many costs a unit more. */
const write = fc.record({
  kind: fc.constantFrom('put', 'put', 'put', 'update', 'delete'),
  id: fc.constantFrom('a', 'b', 'c'),
  value,
  name: name.filter((name) => !['id', 'fill', 'updated'].includes(name)),
  size: fc
    .tuple(fc.constantFrom(1024, 2048, 3072), fc.integer({ min: -2, max: 2 }))
    .map(([border, aside]) => border + aside),
});

type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;

/** The item of the write, filled up to its size as the estimator counts it. */
function itemOf({ id, name, value: attribute, size }: Write): Record<string, AttributeValue> {
  const item = { id: { S: id }, [name]: attribute, fill: { S: '' } };
  const { dynamodb } = dynamoDbEventRecord({ dynamodb: { NewImage: item } }, '', '', 0);
  const missing = size - itemSizeBytes(dynamodb?.NewImage ?? {});
  return { ...item, fill: { S: 'x'.repeat(Math.max(0, missing)) } };
}

/** Makes the write; answers with the units that DynamoDB Local says it consumed. */
async function consumedBy(one: Write): Promise<number> {
  const { dynamoDb, name: TableName } = table;
  const ReturnConsumedCapacity = 'TOTAL';
  const Key = { id: { S: one.id } };
  const Item = itemOf(one);
  const put = new PutItemCommand({ TableName, Item, ReturnConsumedCapacity });
  const remove = new DeleteItemCommand({ TableName, Key, ReturnConsumedCapacity });
  const update = new UpdateItemCommand({
    TableName,
    Key,
    ReturnConsumedCapacity,
    UpdateExpression: 'SET fill = :fill, updated = :updated',
    ExpressionAttributeValues: { ':fill': Item['fill'] ?? { S: '' }, ':updated': one.value },
  });
  const answer =
    one.kind === 'put'
      ? await dynamoDb.send(put)
      : one.kind === 'update'
        ? await dynamoDb.send(update)
        : await dynamoDb.send(remove);
  return answer.ConsumedCapacity?.CapacityUnits ?? 0;
}

test(`estimates equal the consumed capacity of ${String(writes)} seeded writes of all types`, async () => {
  const handler = recordingHandler<DynamoDBStreamEvent>();
  source = await startDynamoDbStreamSource({
    client: table.streams,
    streamArn: table.streamArn,
    handler,
    functionName: 'estimator',
    startingPosition: 'TRIM_HORIZON',
    log: () => undefined,
    pollIntervalMs: 20,
  });
  const settings = readSettings({
    SPILLWAY_USAGE_STREAM: 'usage',
    SPILLWAY_SET_ASIDE_STREAM: 'set-aside',
    SPILLWAY_TABLES: JSON.stringify({ [table.name]: { subject: '{id}' } }),
  });
  const consumed: { write: Write; units: number }[] = [];
  for (const one of fc.sample(write, { seed, numRuns: writes })) {
    consumed.push({ write: one, units: await consumedBy(one) });
  }
  await table.put('last');
  await until('the last write came', () =>
    handler.events.some(({ Records }) =>
      Records.some(({ dynamodb }) => dynamodb?.Keys?.['id']?.S === 'last'),
    ),
  );

  const records = handler.events.flatMap(({ Records }) => Records).slice(0, -1);
  const port = tablesPort(serverEnvironment(), undefined);
  const shapes = createShapes(port, Date.now, () => undefined);
  const readings = await readingsFor({ Records: records }, settings, shapes);
  port.close();
  const estimates = records.flatMap((record) => {
    const result = estimate(record, readings);
    if (result.kind !== 'cost') throw new Error(`no cost: ${JSON.stringify(result)}`);
    return result.cost.costs.map(({ key, units }) => `${key}: ${String(units)}`);
  });
  expect(estimates).toEqual(
    consumed.filter(leftRecord()).map(({ write: { id }, units }) => `S:${id}: ${String(units)}`),
  );
  expect(records.length).toBeGreaterThan(writes / 2);
});

/** A delete of what is not there consumes a unit and leaves no record. */
function leftRecord(): (one: { write: Write }) => boolean {
  const present = new Set<string>();
  return ({ write: { kind, id } }) => {
    const left = kind !== 'delete' || present.has(id);
    if (kind === 'delete') present.delete(id);
    else present.add(id);
    return left;
  };
}
