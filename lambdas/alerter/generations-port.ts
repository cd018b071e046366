import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  type Generations,
  generations,
  generationsCacheSeconds,
  generationsKey,
} from '../contracts/generations';
import { parseRecord } from '../contracts/parse';
import { clientSettings, type Environment } from '../delivery/environment';

/** Which generations are heard, as rollouts write it down. */
export interface GenerationsPort {
  /**
   * The generations of an application, at most `generationsCacheSeconds` old, and read now where one of those asked
   * for is not among them: a rollout writes a generation down before it says anything. Undefined where no rollout
   * wrote any. Throws where they cannot be read: nobody guesses who is to be suspended.
   */
  of(application: string, spoken: ReadonlySet<number>): Promise<Generations | undefined>;
  close(): void;
}

/** Where there is no control table nothing is known, and so everything is heard. */
export const nothingKnown: GenerationsPort = {
  of: () => Promise.resolve(undefined),
  close: () => undefined,
};

/**
 * The generations in the control table.
 *
 * @param clock milliseconds
 */
export function generationsInControl(
  environment: Environment,
  table: string,
  clock: () => number,
): GenerationsPort {
  const client = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const cache = new Map<string, { readAtMs: number; known: Generations | undefined }>();

  async function readItem(key: { pk: string; sk: string }): Promise<Generations | undefined> {
    const Key = { pk: { S: key.pk }, sk: { S: key.sk } };
    const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
    const { Item } = await client.send(command);
    if (Item === undefined) return undefined;
    const parsed = parseRecord(generations, Item['generations']?.S ?? '');
    if (parsed.ok) return parsed.value;
    throw new Error(parsed.reason);
  }

  async function read(application: string): Promise<Generations | undefined> {
    const key = generationsKey(application);
    const readAtMs = clock();
    try {
      const known = await readItem(key);
      cache.set(application, { readAtMs, known });
      return known;
    } catch (cause) {
      throw new Error(
        `the item pk "${key.pk}", sk "${key.sk}" of the table ${table}, which says which generation is heard, cannot ` +
          `be read: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}. Nobody is ` +
          'suspended until it can; the batch is tried again.',
        { cause },
      );
    }
  }

  return {
    of: async (application, spoken) => {
      const cached = cache.get(application);
      if (cached === undefined || clock() - cached.readAtMs >= generationsCacheSeconds * 1_000) {
        return read(application);
      }
      const { known } = cached;
      const numbers = new Set(known?.generations.map(({ generation }) => generation));
      const isNew = known !== undefined && [...spoken].some((number) => !numbers.has(number));
      return isNew ? read(application) : known;
    },
    close: () => {
      client.destroy();
    },
  };
}
