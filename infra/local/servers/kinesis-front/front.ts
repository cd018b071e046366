import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ByteBudget } from './byte-budget';
import { KinesisFault } from './fault';
import type { KinesisLimits } from './limits';
import { Operations, type Reply } from './operations';
import { BodyTooLong, readAll, Upstream } from './upstream';

/** 10 MiB of data as base64, with room for keys and JSON. */
const largestRequestBytes = 16 * 1024 * 1024;

/** Requests and answers that are held at one time, each: the front's memory is bounded by both. */
const heldBytes = 64 * 1024 * 1024;

const targetPrefix = 'Kinesis_20131202.';

export interface KinesisFront {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves Kinesis on 127.0.0.1 by passing requests on to a server that knows no limits, and refuses what the service
 * would refuse. docs/local-kinesis.md says which limits.
 */
export async function startKinesisFront(
  port: number,
  upstreamPort: number,
  limits: KinesisLimits,
): Promise<KinesisFront> {
  const requests = new ByteBudget(heldBytes);
  const upstream = new Upstream(upstreamPort, new ByteBudget(heldBytes));
  const operations = new Operations(upstream, limits);
  const server = createServer((request, response) => void answer(operations, requests, request, response));
  // Clients keep their connections; one that goes first would meet a request on its way.
  server.keepAliveTimeout = 60_000;
  await listen(server, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      upstream.close();
    },
  };
}

async function answer(
  operations: Operations,
  requests: ByteBudget,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let giveBack = (): void => undefined;
  let reply: Reply;
  try {
    const length = Number(request.headers['content-length'] ?? largestRequestBytes);
    if (length > largestRequestBytes) throw tooLarge();
    // Until there is room the request stays where it is, in the connection.
    giveBack = await requests.take(length);
    const body = await readAll(request, largestRequestBytes);
    reply = await operations.perform(operationOf(request), request.headers, body);
  } catch (cause) {
    reply = faultReply(cause);
    // A client that is still sending listens only afterwards.
    request.resume();
  }
  const { status, headers, chunks, release } = reply;
  response.once('close', () => {
    giveBack();
    release?.();
  });
  const contentLength = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  response.writeHead(status, { ...headers, 'content-length': contentLength });
  for (const chunk of chunks) response.write(chunk);
  response.end();
}

function operationOf(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  if (typeof target !== 'string' || !target.startsWith(targetPrefix)) {
    throw new KinesisFault(
      'UnknownOperationException',
      'this is a Kinesis endpoint; the X-Amz-Target is not',
    );
  }
  if (request.headers['content-type']?.includes('cbor')) {
    throw new KinesisFault(
      'SerializationException',
      'the local Kinesis speaks JSON: turn CBOR off in the client, in Java with -Daws.cborEnabled=false',
    );
  }
  return target.slice(targetPrefix.length);
}

function tooLarge(): KinesisFault {
  return new KinesisFault(
    'InvalidArgumentException',
    'the request is larger than any that Kinesis takes',
    413,
  );
}

function faultReply(cause: unknown): Reply {
  const fault =
    cause instanceof KinesisFault
      ? cause
      : cause instanceof BodyTooLong
        ? tooLarge()
        : new KinesisFault('InternalFailure', String(cause), 500);
  return {
    status: fault.status,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-errortype': fault.type,
      'x-amzn-requestid': randomUUID(),
    },
    chunks: [Buffer.from(JSON.stringify({ __type: fault.type, message: fault.message }))],
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
