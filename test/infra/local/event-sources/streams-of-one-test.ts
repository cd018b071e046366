import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  LimitExceededException,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings, type Environment } from '../../../../lambdas/delivery/environment';
import { until } from './until';

/** A name that no other test has. */
export const uniqueName = (what: string): string => `${what}-${randomUUID().slice(0, 8)}`;

export interface StreamedTable {
  readonly name: string;
  readonly streamArn: string;
  readonly dynamoDb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  /** Puts an item of the given id. */
  put(id: string, attributes?: Record<string, object>): Promise<void>;
}

/** A new table whose partition key is the text `id`, with a stream of both images. */
export async function streamedTable(environment: Environment): Promise<StreamedTable> {
  const dynamoDb = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const streams = new DynamoDBStreamsClient(clientSettings(environment, 'DYNAMODB_STREAMS'));
  const name = uniqueName('table');
  await dynamoDb.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const { Table: table } = await dynamoDb.send(new DescribeTableCommand({ TableName: name }));
  return {
    name,
    streamArn: table?.LatestStreamArn ?? '',
    dynamoDb,
    streams,
    async put(id, attributes = {}) {
      const Item = { id: { S: id }, ...attributes } as Record<string, { S: string }>;
      await dynamoDb.send(new PutItemCommand({ TableName: name, Item }));
    },
  };
}

/** A new Kinesis stream that takes records. Answers with its name and ARN. */
export async function newStream(
  kinesis: KinesisClient,
  what: string,
  shards = 1,
): Promise<{ name: string; arn: string }> {
  const name = uniqueName(what);
  // Kinesis takes five of these a second, and other tests ask for theirs at the same time.
  await until(`Kinesis takes the stream ${name}`, async () => {
    try {
      await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
      return true;
    } catch (cause) {
      if (cause instanceof LimitExceededException) return false;
      throw cause;
    }
  });
  let arn = '';
  await until(`the stream ${name} is active`, async () => {
    const answer = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name }));
    arn = answer.StreamDescriptionSummary?.StreamARN ?? '';
    return answer.StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
  });
  return { name, arn };
}

/** All records that are in a stream now, shard by shard. */
export async function recordsIn(
  kinesis: KinesisClient,
  name: string,
): Promise<{ partitionKey: string; text: string }[]> {
  const { Shards: shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: name }));
  const records: { partitionKey: string; text: string }[] = [];
  for (const { ShardId } of shards) {
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamName: name, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    for (const { PartitionKey = '', Data = [] } of answer.Records ?? []) {
      records.push({ partitionKey: PartitionKey, text: Buffer.from(Data).toString() });
    }
  }
  return records;
}

/** A new queue; answers with its URL. */
export async function newQueue(sqs: SQSClient, attributes: Record<string, string> = {}): Promise<string> {
  const command = new CreateQueueCommand({ QueueName: uniqueName('queue'), Attributes: attributes });
  const { QueueUrl } = await sqs.send(command);
  return QueueUrl ?? '';
}
