import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../../lambdas/delivery/log';
import { type Handler, invoke } from '../event-sources/invoke';

export interface LambdaOptions {
  /** Handlers by the function's name. A function that is added later is there from then on. */
  readonly functions: ReadonlyMap<string, Handler<unknown>>;
  /** Hears what became of invocations that nobody waits for. */
  readonly log: Log;
  /** The functions' time limit. @default 60 */
  readonly timeoutSeconds?: number;
  /** A free one unless given. */
  readonly port?: number;
}

export interface LocalLambda {
  /** For AWS_ENDPOINT_URL_LAMBDA. */
  readonly endpoint: string;
  /** Takes no more invocations, and waits for those under way. */
  stop(): Promise<void>;
}

/** The most bytes of a payload (AWS Lambda Developer Guide, Lambda quotas). */
const largestPayloadBytes = 6 * 1024 * 1024;
const invocations = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** An error of the service itself, which is something else than an error of the function. */
class Fault extends Error {
  constructor(
    readonly httpStatus: number,
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Lambda's Invoke on 127.0.0.1, over handlers that run in this process. docs/local-lambda.md says which behaviours of
 * the service it keeps.
 */
export async function startLambda(options: LambdaOptions): Promise<LocalLambda> {
  const underWay = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answered = answer(options, request, response, underWay).finally(() => underWay.delete(answered));
    underWay.add(answered);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      while (underWay.size > 0) await Promise.all(underWay);
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  options: LambdaOptions,
  request: IncomingMessage,
  response: ServerResponse,
  underWay: Set<Promise<void>>,
): Promise<void> {
  response.setHeader('content-type', 'application/json');
  const awsRequestId = randomUUID();
  response.setHeader('x-amzn-requestid', awsRequestId);
  try {
    const { handler, name } = functionOf(options, request);
    const payload = await payloadOf(request);
    const timeoutSeconds = options.timeoutSeconds ?? 60;
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    switch (type) {
      case 'DryRun':
        response.writeHead(204).end();
        return;
      case 'Event': {
        const call = unheard(
          options.log,
          name,
          invoke(handler, payload, timeoutSeconds, { awsRequestId }),
        ).finally(() => underWay.delete(call));
        underWay.add(call);
        response.writeHead(202).end();
        return;
      }
      case 'RequestResponse':
        response.setHeader('x-amz-executed-version', '$LATEST');
        await answerWithResult(response, invoke(handler, payload, timeoutSeconds, { awsRequestId }));
        return;
      default:
        throw new Fault(400, 'InvalidParameterValueException', `Unknown invocation type ${String(type)}`);
    }
  } catch (thrown) {
    const fault = thrown instanceof Fault ? thrown : new Fault(500, 'ServiceException', String(thrown));
    response.setHeader('x-amzn-errortype', fault.name);
    response.writeHead(fault.httpStatus).end(JSON.stringify({ Type: 'User', Message: fault.message }));
  }
}

function functionOf(
  { functions }: LambdaOptions,
  request: IncomingMessage,
): { handler: Handler<unknown>; name: string } {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const text = decodeURIComponent(invocations.exec(path)?.[1] ?? '');
  if (request.method !== 'POST' || text === '') {
    throw new Fault(404, 'UnknownOperationException', 'The local endpoint knows the action Invoke only');
  }
  const name = functionName(text);
  const handler = functions.get(name);
  if (handler === undefined) throw new Fault(404, 'ResourceNotFoundException', `Function not found: ${text}`);
  return { handler, name };
}

/** The name in `name`, `name:qualifier`, `account:function:name`, and in an ARN with or without a qualifier. */
export function functionName(text: string): string {
  return (/^(?:.*:)?function:([^:]+)/.exec(text) ?? /^([^:]+)/.exec(text))?.[1] ?? text;
}

async function payloadOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= largestPayloadBytes) chunks.push(chunk);
  }
  if (bytes > largestPayloadBytes) {
    const message = `${bytes} byte payload is too large for the Invoke operation (limit ${largestPayloadBytes} bytes)`;
    throw new Fault(413, 'RequestTooLargeException', message);
  }
  const text = Buffer.concat(chunks).toString('utf8') || '{}';
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new Fault(
      400,
      'InvalidRequestContentException',
      `Could not parse request body into json: ${String(cause)}`,
    );
  }
  return text;
}

async function answerWithResult(response: ServerResponse, call: Promise<unknown>): Promise<void> {
  try {
    const result = await call;
    response.writeHead(200).end(JSON.stringify(result ?? null));
  } catch (thrown) {
    const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    response.setHeader('x-amz-function-error', 'Unhandled');
    const trace = stack?.split('\n') ?? [];
    response.writeHead(200).end(JSON.stringify({ errorType: name, errorMessage: message, trace }));
  }
}

async function unheard(log: Log, name: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    const message = `The function ${name} failed at an invocation that nobody waits for: ${String(thrown)}`;
    log({ level: 'error', event: 'invocation-failed', message });
  }
}
