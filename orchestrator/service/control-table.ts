import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  ResourceNotFoundException,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import { generations as generationsRecord, generationsKey } from '../../lambdas/contracts/generations';
import { parseRecord } from '../../lambdas/contracts/parse';
import { UserFault } from '../user-fault';
import { type AwsEnvironment, clientSettings } from './aws-environment';
import type { Control, HistoryEntry, Lock } from './control';
import {
  HISTORY,
  historyFromItem,
  historySortKey,
  type Item,
  lockAttributes,
  lockFromItem,
  rolloutFromItem,
  unreadable,
} from './control-items';
import { asking } from './service-fault';

/**
 * An application's items in the control table: the one file of the orchestrator that speaks to it.
 *
 * A lock's end is compared with the clock of whoever wants it. Where clocks differ by more than the time between a
 * renewal and the end, a lock may be taken too early; then the one who had it can write nothing any more, because
 * every write under a lock asks for its token.
 *
 * History is kept for good: it is small, and rollbacks look for old releases in it.
 */
export function dynamoDbControl(
  application: string,
  table: string,
  region: string,
  variables: AwsEnvironment,
  now: () => Date = () => new Date(),
): Control {
  const client = new DynamoDBClient(clientSettings('DYNAMODB', region, variables));
  const pk = generationsKey(application).pk;
  const key = (sk: string): Item => ({ pk: { S: pk }, sk: { S: sk } });
  const generationsSk = generationsKey(application).sk;

  /** One call; says which it was, and what to do where the table is not there. */
  const calling = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await asking(`${what} of ${application} in the table ${table}`, call);
    } catch (fault) {
      if (!(fault instanceof UserFault && fault.cause instanceof ResourceNotFoundException)) throw fault;
      throw new UserFault(
        `there is no table ${table} in ${region}: deploy the infrastructure first, or correct controlTable in ` +
          'environments.json',
        { cause: fault.cause },
      );
    }
  };

  const get = async (what: string, sk: string): Promise<Item | undefined> => {
    const command = new GetItemCommand({ TableName: table, Key: key(sk), ConsistentRead: true });
    return (await calling(what, () => client.send(command))).Item;
  };

  /** Puts an item if its condition holds; else answers with the item that is there, which may be none. */
  const putIf = (
    what: string,
    put: Omit<PutItemCommandInput, 'TableName'>,
  ): Promise<{ done: true } | { done: false; found: Item | undefined }> =>
    calling(what, async () => {
      try {
        const returned = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
        await client.send(new PutItemCommand({ TableName: table, ...put, ...returned }));
        return { done: true };
      } catch (cause) {
        if (cause instanceof ConditionalCheckFailedException) return { done: false, found: cause.Item };
        throw cause;
      }
    });

  const readLock = async (): Promise<Lock | undefined> => {
    const item = await get('reading the lock', 'lock');
    return item && lockFromItem(item, table);
  };

  const lostFault = async (): Promise<UserFault> => {
    const taken = await readLock();
    const why = taken === undefined ? 'it was released' : `${taken.holder} took it (${taken.purpose})`;
    return new UserFault(
      `the lock of ${application} is no longer this command's: ${why}. This command stops here; look at ` +
        '`spillway plan` before you run it again',
    );
  };

  /** Writes only while the lock is the given one. */
  const writeUnder = async (lock: Lock, what: string, writes: TransactWriteItem[]): Promise<void> => {
    const held: TransactWriteItem = {
      ConditionCheck: {
        TableName: table,
        Key: key('lock'),
        ConditionExpression: '#token = :token',
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':token': { S: lock.token } },
      },
    };
    const wasHeld = await calling(what, async () => {
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems: [held, ...writes] }));
        return true;
      } catch (cause) {
        const [first] =
          cause instanceof TransactionCanceledException ? (cause.CancellationReasons ?? []) : [];
        if (first?.Code === 'ConditionalCheckFailed') return false;
        throw cause;
      }
    });
    if (!wasHeld) throw await lostFault();
  };

  const historyItem = (entry: HistoryEntry): Item => ({
    ...key(historySortKey(entry)),
    record: { S: JSON.stringify(entry) },
  });

  return {
    async generations() {
      const item = await get('reading the generations', generationsSk);
      if (item === undefined) return { generations: [], revision: 0 };
      const parsed = parseRecord(generationsRecord, item['generations']?.S ?? '');
      if (!parsed.ok) throw unreadable(item, table, parsed.reason);
      return { generations: parsed.value.generations, revision: Number(item['revision']?.N ?? 0) };
    },
    async putGenerations(generations, revision) {
      const write = randomUUID();
      const record = { version: 1, application, generations };
      const isFirst = revision === 0;
      const result = await putIf('writing the generations', {
        Item: {
          ...key(generationsSk),
          generations: { S: JSON.stringify(record) },
          revision: { N: String(revision + 1) },
          write: { S: write },
        },
        ConditionExpression: isFirst ? 'attribute_not_exists(pk)' : 'revision = :before',
        ...(!isFirst && { ExpressionAttributeValues: { ':before': { N: String(revision) } } }),
      });
      // A call whose answer was lost is made again by the SDK, and finds what it wrote itself.
      if (result.done || result.found?.['write']?.S === write) return;
      throw new UserFault(
        `the generations of ${application} were changed by someone else meanwhile (revision ` +
          `${result.found?.['revision']?.N ?? 'none'} in place of ${revision}): look at \`spillway plan\`, then run the command again`,
      );
    },
    async takeLock(holder, purpose, leaseSeconds) {
      const since = now();
      const until = new Date(since.getTime() + leaseSeconds * 1_000);
      const lock: Lock = { holder, purpose, token: randomUUID(), since, until };
      const result = await putIf('taking the lock', {
        Item: { ...key('lock'), ...lockAttributes(lock) },
        ConditionExpression: 'attribute_not_exists(pk) OR #until <= :now',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':now': { N: String(since.getTime()) } },
      });
      if (result.done || result.found?.['token']?.S === lock.token) return lock;
      throw heldFault(application, result.found && lockFromItem(result.found, table));
    },
    async renewLock(lock, leaseSeconds) {
      const until = new Date(now().getTime() + leaseSeconds * 1_000);
      const isHeld = await calling('renewing the lock', async () => {
        try {
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: key('lock'),
              UpdateExpression: 'SET #until = :until',
              ConditionExpression: '#token = :token',
              ExpressionAttributeNames: { '#until': 'until', '#token': 'token' },
              ExpressionAttributeValues: {
                ':until': { N: String(until.getTime()) },
                ':token': { S: lock.token },
              },
            }),
          );
          return true;
        } catch (cause) {
          if (cause instanceof ConditionalCheckFailedException) return false;
          throw cause;
        }
      });
      if (!isHeld) throw await lostFault();
      return { ...lock, until };
    },
    releaseLock: (lock) =>
      calling('releasing the lock', async () => {
        try {
          await client.send(
            new DeleteItemCommand({
              TableName: table,
              Key: key('lock'),
              ConditionExpression: '#token = :token',
              ExpressionAttributeNames: { '#token': 'token' },
              ExpressionAttributeValues: { ':token': { S: lock.token } },
            }),
          );
        } catch (cause) {
          // It ran out and is somebody else's, or was released before: it is not held, which is what was wanted.
          if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
        }
      }),
    readLock,
    async rollout() {
      const item = await get('reading the rollout', 'rollout');
      return item && rolloutFromItem(item, table);
    },
    writeRollout: (record, lock) =>
      writeUnder(lock, 'writing the rollout', [
        { Put: { TableName: table, Item: { ...key('rollout'), record: { S: JSON.stringify(record) } } } },
      ]),
    endRollout: (entry, lock) =>
      writeUnder(lock, 'ending the rollout', [
        { Delete: { TableName: table, Key: key('rollout') } },
        { Put: { TableName: table, Item: historyItem(entry) } },
      ]),
    async addHistory(entry) {
      const command = new PutItemCommand({ TableName: table, Item: historyItem(entry) });
      await calling('adding to the history', () => client.send(command));
    },
    async history(limit) {
      const items: Item[] = [];
      let after: Item | undefined;
      do {
        const command = new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :history)',
          ExpressionAttributeValues: { ':pk': { S: pk }, ':history': { S: HISTORY } },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit - items.length,
          ...(after !== undefined && { ExclusiveStartKey: after }),
        });
        const page = await calling('reading the history', () => client.send(command));
        items.push(...(page.Items ?? []));
        after = page.LastEvaluatedKey;
      } while (after !== undefined && items.length < limit);
      return items.map((item) => historyFromItem(item, table));
    },
    close: () => {
      client.destroy();
    },
  };
}

function heldFault(application: string, held: Lock | undefined): UserFault {
  if (held === undefined) {
    return new UserFault(`the lock of ${application} was held a moment ago: run the command again`);
  }
  const { holder, purpose, since, until } = held;
  return new UserFault(
    `${holder} is changing ${application} since ${since.toISOString()} (${purpose}) and holds its lock until ` +
      `${until.toISOString()}: run the command again when that is over. The lock is renewed while that command ` +
      'lives; if it was killed, the lock is free at that time',
  );
}
