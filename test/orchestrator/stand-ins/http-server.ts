import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  status: number;
  contentType: string;
  body: string;
}

export interface StandIn {
  /** For `AWS_ENDPOINT_URL_…`. */
  endpoint: string;
  stop(): Promise<void>;
}

/** A server on 127.0.0.1 that answers each request by its body. */
export async function startStandIn(
  answer: (request: IncomingMessage, body: string) => Answer,
): Promise<StandIn> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, contentType, body } = answer(request, Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': contentType }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
