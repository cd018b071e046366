import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';

/**
 * Makes the next calls of one operation fail with the given errors, one call each, before they reach the server:
 * errors that a local server has no occasion to give.
 */
export function failNext(
  client: KinesisClient | DynamoDBStreamsClient,
  operation: string,
  errors: readonly Error[],
): void {
  const left = [...errors];
  const stack = client.middlewareStack as unknown as {
    add(
      middleware: (next: (args: object) => Promise<never>, context: { commandName?: string }) => typeof next,
      options: { step: 'initialize' },
    ): void;
  };
  stack.add(
    (next, context) => async (args) => {
      const error = context.commandName === operation ? left.shift() : undefined;
      if (error !== undefined) throw error;
      return next(args);
    },
    { step: 'initialize' },
  );
}
