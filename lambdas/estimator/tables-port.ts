import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { parseRecord } from '../contracts/parse';
import { clientSettings, type Environment } from '../delivery/environment';
import { type Described, readDescription } from './read-description';
import { type ShapeHistory, shapeHistory } from './shape-history';

/** What the estimator asks DynamoDB: what a table looks like, and what the other functions know of it. */
export interface TablesPort {
  /** The table's description now; undefined where there is no such table. Throws what the service throws. */
  describe(table: string): Promise<Described | undefined>;
  /** The history kept for a stream, as it was last written; undefined where there is none. */
  readHistory(streamArn: string): Promise<ShapeHistory | undefined>;
  /** Keeps a history if nobody changed it since its revision before; answers whether it did. */
  writeHistory(streamArn: string, history: ShapeHistory): Promise<boolean>;
  close(): void;
}

/**
 * The port on real tables.
 *
 * @param controlTable where all functions keep the histories, keyed by the texts `pk` and `sk`; without one each
 * function keeps its own
 */
export function tablesPort(environment: Environment, controlTable: string | undefined): TablesPort {
  const client = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const histories = controlTable === undefined ? ownHistories() : sharedHistories(client, controlTable);
  return {
    ...histories,
    async describe(table) {
      try {
        const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
        return Table && readDescription(Table);
      } catch (cause) {
        if (cause instanceof ResourceNotFoundException) return undefined;
        throw cause;
      }
    },
    close: () => {
      client.destroy();
    },
  };
}

type Histories = Pick<TablesPort, 'readHistory' | 'writeHistory'>;

function sharedHistories(client: DynamoDBClient, table: string): Histories {
  const keyOf = (streamArn: string) => ({ pk: { S: `estimator#${streamArn}` }, sk: { S: 'shapes' } });
  return {
    async readHistory(streamArn) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(streamArn), ConsistentRead: true }),
      );
      if (Item === undefined) return undefined;
      const parsed = parseRecord(shapeHistory, Item['history']?.S ?? '');
      if (parsed.ok) return parsed.value;
      throw new Error(
        `the history of ${streamArn} in the table ${table} cannot be read: ${parsed.reason}. ` +
          `If the item was edited, delete it: the next batch makes it anew.`,
      );
    },
    async writeHistory(streamArn, history) {
      const isFirst = history.revision === 0;
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              ...keyOf(streamArn),
              revision: { N: String(history.revision) },
              history: { S: JSON.stringify(history) },
            },
            ConditionExpression: isFirst ? 'attribute_not_exists(pk)' : 'revision = :before',
            ...(isFirst
              ? {}
              : { ExpressionAttributeValues: { ':before': { N: String(history.revision - 1) } } }),
          }),
        );
        return true;
      } catch (cause) {
        if (cause instanceof ConditionalCheckFailedException) return false;
        throw cause;
      }
    },
  };
}

/** Histories that nobody else sees. */
export function ownHistories(): Histories {
  const histories = new Map<string, ShapeHistory>();
  return {
    readHistory: (streamArn) => Promise.resolve(histories.get(streamArn)),
    writeHistory: (streamArn, history) => {
      const revision = histories.get(streamArn)?.revision ?? -1;
      const isNext = history.revision === revision + 1;
      if (isNext) histories.set(streamArn, history);
      return Promise.resolve(isNext);
    },
  };
}
