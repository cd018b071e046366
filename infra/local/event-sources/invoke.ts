/** A Lambda function's handler, run in this process. */
export type Handler<Event> = (event: Event, context?: InvocationContext) => Promise<unknown>;

/** Of what Lambda tells a function about an invocation, what the functions here read. */
export interface InvocationContext {
  readonly awsRequestId: string;
}

/** The function did not end within its time limit. */
export class FunctionTimeout extends Error {
  override readonly name = 'FunctionTimeout';
}

/**
 * Calls a handler with an event that it does not share with any other call, as Lambda does, and waits for it no
 * longer than the function's time limit. Rejects with what the handler throws, or with a FunctionTimeout. (Lambda
 * ends a function that takes too long; here its handler goes on, unheard.)
 */
export async function invoke<Event>(
  handler: Handler<Event>,
  payload: string,
  timeoutSeconds: number,
  context?: InvocationContext,
): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new FunctionTimeout(`Task timed out after ${String(timeoutSeconds)} seconds`));
    }, timeoutSeconds * 1000);
  });
  const call = (async () => handler(JSON.parse(payload) as Event, context))();
  try {
    return await Promise.race([call, timeout]);
  } finally {
    clearTimeout(timer);
    // The one that lost the race must not end the process when it rejects later.
    call.catch(() => undefined);
  }
}
