import {
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** The table of the example API: one partition per app, its documents sorted by id. */
export const documentsTable = { name: 'documents', partitionKey: 'app_id', subject: '{app_id}' } as const;

/** Creates the table with the stream Spillway needs. Resolves with the stream's ARN. */
export async function createDocumentsTable(client: DynamoDBClient): Promise<string> {
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: documentsTable.name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'app_id', AttributeType: 'S' },
        { AttributeName: 'document_id', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'app_id', KeyType: 'HASH' },
        { AttributeName: 'document_id', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  await waitUntilTableExists(
    { client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
    { TableName: documentsTable.name },
  );
  const streamArn = TableDescription?.LatestStreamArn;
  if (streamArn === undefined)
    throw new Error(`the table ${documentsTable.name} was created without a stream`);
  return streamArn;
}

/** Writes one document. Resolves with the write units DynamoDB says it consumed. */
export async function putDocument(
  client: DynamoDBClient,
  app: string,
  id: string,
  text: string,
): Promise<number> {
  const { ConsumedCapacity } = await client.send(
    new PutItemCommand({
      TableName: documentsTable.name,
      Item: { app_id: { S: app }, document_id: { S: id }, text: { S: text } },
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  return ConsumedCapacity?.CapacityUnits ?? 0;
}
