import {
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** A second table of the example: one item of settings for each app. Its usage is reported, not read from a stream. */
export const settingsTable = { name: 'settings', partitionKey: 'app_id', subject: '{app_id}' } as const;

/**
 * Creates the table. Spillway needs no stream of it; it has one so that the demo can show what a stream would have
 * shown. Resolves with the stream's ARN.
 */
export async function createSettingsTable(client: DynamoDBClient): Promise<string> {
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: settingsTable.name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'app_id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'app_id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  await waitUntilTableExists(
    { client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
    { TableName: settingsTable.name },
  );
  const streamArn = TableDescription?.LatestStreamArn;
  if (streamArn === undefined)
    throw new Error(`the table ${settingsTable.name} was created without a stream`);
  return streamArn;
}

/** Writes an app's settings. Resolves with the write units DynamoDB says it consumed. */
export async function putSettings(client: DynamoDBClient, app: string, settings: string): Promise<number> {
  const { ConsumedCapacity } = await client.send(
    new PutItemCommand({
      TableName: settingsTable.name,
      Item: { app_id: { S: app }, settings: { S: settings } },
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  return ConsumedCapacity?.CapacityUnits ?? 0;
}
