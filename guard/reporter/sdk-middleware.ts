import { hideDetail } from './consumed';
import type { Answer, Refusal } from './observe';
import { commandsThatWrite, type Request, type WritesOf } from './requests';

// The AWS SDK's middleware as far as it is used here, so that this file needs no package of the SDK.
interface Arguments {
  readonly input: object;
}
interface Result {
  readonly output: object;
}
type Handler = (args: Arguments) => Promise<Result>;
type Middleware = (next: Handler, context: { readonly commandName?: string }) => Handler;
interface MiddlewareStack {
  add(middleware: Middleware, options: object): void;
}

/** A DynamoDBClient or a DynamoDBDocumentClient of the AWS SDK for JavaScript 3. */
export interface DynamoDbClient {
  readonly middlewareStack: object;
}

/** Hears of each try of a request that writes. Never throws. */
export interface Observer {
  /** Names its middlewares: a client takes one of the same name once. */
  readonly name: string;
  /** Whether it asks for the item that made a condition fail. */
  readonly asksForItems: boolean;
  answered(writesOf: WritesOf, request: Request, answer: Answer): void;
  refused(writesOf: WritesOf, request: Request, refusal: Refusal): void;
}

/**
 * Puts two middlewares on a client: the outer one asks for what the observer needs and takes it out again before the
 * caller sees it; the inner one hands each try to the observer. They are apart because only the inner one sees the
 * requests of a document client in DynamoDB's own form, and only there each try of a retried request.
 */
export function observeWrites(client: DynamoDbClient, observer: Observer): void {
  const stack = client.middlewareStack as MiddlewareStack;
  const { name, asksForItems } = observer;
  stack.add(asking(asksForItems), { step: 'initialize', name: `${name}Asks`, priority: 'low' });
  stack.add(observing(observer), { step: 'finalizeRequest', name: `${name}Observes`, priority: 'low' });
}

const commandsWithCondition: ReadonlySet<string> = new Set([
  'PutItemCommand',
  'UpdateItemCommand',
  'DeleteItemCommand',
]);

function asking(asksForItems: boolean): Middleware {
  return (next, { commandName = '' }) => {
    if (!commandsThatWrite.has(commandName)) return next;
    const mayAskForItem = asksForItems && commandsWithCondition.has(commandName);
    return async (args) => {
      const request: Request = args.input;
      const asked = request.ReturnConsumedCapacity;
      const asksForItem =
        mayAskForItem &&
        request.ConditionExpression !== undefined &&
        (request.ReturnValuesOnConditionCheckFailure ?? 'NONE') === 'NONE';
      const input: Request = {
        ...request,
        ReturnConsumedCapacity: 'INDEXES',
        ...(asksForItem && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      };
      try {
        const result = await next({ ...args, input });
        hideDetail(result.output, asked);
        return result;
      } catch (refusal) {
        if (asksForItem && refusal instanceof Error) delete (refusal as { Item?: unknown }).Item;
        throw refusal;
      }
    };
  };
}

function observing(observer: Observer): Middleware {
  return (next, { commandName = '' }) => {
    const writesOf = commandsThatWrite.get(commandName);
    if (writesOf === undefined) return next;
    return async (args) => {
      let result: Result;
      try {
        result = await next(args);
      } catch (refusal) {
        if (refusal instanceof Error) observer.refused(writesOf, args.input, refusal);
        throw refusal;
      }
      observer.answered(writesOf, args.input, result.output);
      return result;
    };
  };
}
