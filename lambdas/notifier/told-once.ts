import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { clientSettings, type Environment } from '../delivery/environment';

/** Remembers what was told, and where. */
export interface ToldOnce {
  /** Answers true once for each name. */
  claim(name: string): Promise<boolean>;
  /** Takes a claim back, where it is certain that nothing was told. */
  release(name: string): Promise<void>;
  close(): void;
}

/** A queue forgets its messages after at most 14 days. */
const rememberedSeconds = 15 * 24 * 3600;

/** In the control table. */
export function toldOnce(environment: Environment, table: string, store: string): ToldOnce {
  const client = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const keyOf = (name: string) => ({ pk: { S: `notifications#${store}` }, sk: { S: name } });
  return {
    async claim(name) {
      const expiresAt = { N: String(Math.floor(Date.now() / 1000) + rememberedSeconds) };
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: { ...keyOf(name), expiresAt },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
        return true;
      } catch (cause) {
        if (cause instanceof ConditionalCheckFailedException) return false;
        throw cause;
      }
    },
    async release(name) {
      await client.send(new DeleteItemCommand({ TableName: table, Key: keyOf(name) }));
    },
    close: () => {
      client.destroy();
    },
  };
}
