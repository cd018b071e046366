import {
  CreateTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  type StreamViewType,
} from '@aws-sdk/client-dynamodb';
import { arnInRegion } from '../../../infra/local/event-sources/dynamodb-event';

/** Creates a table of the partition key `pk` with a stream. Resolves with the stream's ARN as events have it. */
export async function createStreamedTable(
  client: DynamoDBClient,
  name: string,
  indexes: readonly GlobalSecondaryIndex[] = [],
  viewType: StreamViewType = 'NEW_AND_OLD_IMAGES',
): Promise<string> {
  const keys = new Set(['pk', ...indexes.flatMap(({ KeySchema = [] }) => KeySchema.map(nameOf))]);
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...keys].map((key) => ({ AttributeName: key, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      ...(indexes.length > 0 ? { GlobalSecondaryIndexes: [...indexes] } : {}),
      StreamSpecification: { StreamEnabled: true, StreamViewType: viewType },
    }),
  );
  return arnInRegion(TableDescription?.LatestStreamArn ?? '', 'us-east-1');
}

function nameOf({ AttributeName = '' }: KeySchemaElement): string {
  return AttributeName;
}

/** A global index that holds everything, keyed by one text. */
export function indexBy(key: string): GlobalSecondaryIndex {
  return {
    IndexName: `by_${key}`,
    KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
    Projection: { ProjectionType: 'ALL' },
  };
}
