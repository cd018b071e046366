import { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import { asking } from './service-fault';

/** A DynamoDB table as the service describes it. */
export interface ObservedTable {
  status: string;
  /** Attributes of its primary key, the partition key first. */
  keys: string[];
  /** Undefined where it has no stream. */
  streamViewType: string | undefined;
}

/** DynamoDB's tables, described. */
export interface Tables {
  /** Undefined where there is no such table. */
  describe(name: string): Promise<ObservedTable | undefined>;
  close(): void;
}

/** The tables of a region. */
export function dynamoDbTables(region: string, variables: AwsEnvironment): Tables {
  const client = new DynamoDBClient(clientSettings('DYNAMODB', region, variables));
  return {
    describe: (name) =>
      asking(`describing table ${name}`, async () => {
        try {
          const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
          const stream = Table?.StreamSpecification;
          return {
            status: Table?.TableStatus ?? '',
            keys: (Table?.KeySchema ?? []).flatMap(({ AttributeName }) => AttributeName ?? []),
            streamViewType: stream?.StreamEnabled === true ? stream.StreamViewType : undefined,
          };
        } catch (thrown) {
          if (thrown instanceof ResourceNotFoundException) return undefined;
          throw thrown;
        }
      }),
    close: () => {
      client.destroy();
    },
  };
}
