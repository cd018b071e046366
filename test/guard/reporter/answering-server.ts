import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A client of a server that gives the answers it is told to, in DynamoDB's form. */
export interface AnsweringServer {
  readonly client: DynamoDBClient;
  stop(): Promise<void>;
}

/**
 * For what DynamoDB Local never says: it does not throttle, and it gives no consumed capacity for statements. Each
 * request gets the next answer, and the last one again and again.
 */
export async function answeringServer(
  answers: readonly { readonly status?: number; readonly body: object }[],
): Promise<AnsweringServer> {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume();
    const answer = answers[Math.min(requests++, answers.length - 1)];
    response.writeHead(answer?.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer?.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${String(port)}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    client,
    async stop() {
      client.destroy();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
