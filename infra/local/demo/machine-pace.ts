import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

const tableName = 'pace';
const writers = 16;
const warmUpMs = 2_000;
const measuredMs = 3_000;
const itemBytes = 23_500;

/**
 * Write units a second that DynamoDB Local takes on this machine, measured for a few seconds on a table of its own
 * that has no stream, so that nothing of it is usage.
 */
export async function measureMachinePace(client: DynamoDBClient, signal: AbortSignal): Promise<number> {
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { TableName: tableName });
  const text = 'lorem '.repeat(itemBytes / 6);
  const startedMs = performance.now();
  let units = 0;
  const write = async (writer: number): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      const atMs = performance.now() - startedMs;
      if (atMs > warmUpMs + measuredMs) return;
      const { ConsumedCapacity } = await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: { id: { S: `item-${writer}` }, text: { S: text } },
          ReturnConsumedCapacity: 'TOTAL',
        }),
      );
      if (atMs > warmUpMs) units += ConsumedCapacity?.CapacityUnits ?? 0;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  await client.send(new DeleteTableCommand({ TableName: tableName }));
  return units / (measuredMs / 1_000);
}

/**
 * The limit for the demo: the default, unless this machine is too slow to pass it. Through the API and with everything
 * else running, a looping tenant reaches about a tenth of the table's pace alone; it should pass the limit within
 * most of a window.
 *
 * @param pace write units a second, as measured
 */
export function limitForPace(pace: number, defaultLimit: number, windowSeconds: number): number {
  const reachable = (pace / 10) * windowSeconds * 0.6;
  if (reachable >= defaultLimit) return defaultLimit;
  return Math.max(2_000, Math.floor(reachable / 1_000) * 1_000);
}
