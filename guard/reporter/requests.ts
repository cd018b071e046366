import { writeOfStatement } from './statement';
import { type Attributes, tableName, type Write } from './tables';
import { type UpdateRequest, valuesSetBy } from './update-values';

/** A request of DynamoDB's API as far as the reporter reads it. */
export interface Request extends UpdateRequest {
  readonly TableName?: string;
  readonly Item?: Attributes;
  readonly Key?: Attributes;
  readonly ConditionExpression?: string;
  readonly Expected?: object;
  readonly ReturnConsumedCapacity?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
  readonly RequestItems?: Readonly<Record<string, readonly WriteRequest[]>>;
  readonly TransactItems?: readonly TransactItem[];
  readonly Statement?: string;
  readonly Parameters?: readonly unknown[];
  readonly Statements?: readonly Statement[];
  readonly TransactStatements?: readonly Statement[];
}

export interface WriteRequest {
  readonly PutRequest?: { readonly Item?: Attributes };
  readonly DeleteRequest?: { readonly Key?: Attributes };
}

interface TransactItem {
  readonly Put?: Request;
  readonly Update?: Request;
  readonly Delete?: Request;
  readonly ConditionCheck?: Request;
}

interface Statement {
  readonly Statement?: string;
  readonly Parameters?: readonly unknown[];
}

/** One write of a request in its place; undefined where that place holds a read or what cannot be read. */
export type WritesOf = (request: Request) => readonly (Write | undefined)[];

/** Commands that write, by the SDK's name, and how their writes are found. */
export const commandsThatWrite: ReadonlyMap<string, WritesOf> = new Map<string, WritesOf>([
  ['PutItemCommand', (request) => [putOf(request)]],
  ['UpdateItemCommand', (request) => [updateOf(request)]],
  ['DeleteItemCommand', (request) => [deleteOf(request)]],
  ['BatchWriteItemCommand', ({ RequestItems }) => writesOfBatch(RequestItems)],
  ['TransactWriteItemsCommand', ({ TransactItems }) => (TransactItems ?? []).map(writeOfTransactItem)],
  ['ExecuteStatementCommand', ({ Statement, Parameters }) => [writeOfStatement(Statement, Parameters)]],
  ['BatchExecuteStatementCommand', ({ Statements }) => (Statements ?? []).map(writeOfOneStatement)],
  [
    'ExecuteTransactionCommand',
    ({ TransactStatements }) => (TransactStatements ?? []).map(writeOfOneStatement),
  ],
]);

/** The writes of a batch, or of the part of it that was not processed. */
export function writesOfBatch(items: Request['RequestItems']): readonly (Write | undefined)[] {
  return Object.entries(items ?? {}).flatMap(([TableName, requests]) =>
    requests.map(({ PutRequest, DeleteRequest }) => {
      if (PutRequest?.Item) return putOf({ TableName, Item: PutRequest.Item });
      return DeleteRequest?.Key ? deleteOf({ TableName, Key: DeleteRequest.Key }) : undefined;
    }),
  );
}

function putOf({ TableName = '', Item = {} }: Request): Write {
  return { table: tableName(TableName), kind: 'put', attributes: Item };
}

function updateOf(request: Request): Write {
  const attributes = { ...valuesSetBy(request), ...request.Key };
  return { table: tableName(request.TableName ?? ''), kind: 'update', attributes };
}

function deleteOf({ TableName = '', Key = {} }: Request): Write {
  return { table: tableName(TableName), kind: 'delete', attributes: Key };
}

function writeOfTransactItem({ Put, Update, Delete }: TransactItem): Write | undefined {
  if (Put) return putOf(Put);
  if (Update) return updateOf(Update);
  return Delete ? deleteOf(Delete) : undefined;
}

function writeOfOneStatement({ Statement: text, Parameters }: Statement): Write | undefined {
  return writeOfStatement(text, Parameters);
}
