import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import express, { type Request } from 'express';
import type { AddressInfo } from 'node:net';
import { expressMiddleware, type Guard } from '../../../guard';
import { putDocument } from './documents-table';

/** A running API. */
export interface ExampleApi {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * An ordinary multi-tenant API in front of the documents table, with the guard as its first middleware:
 * `PUT /apps/:app/documents/:document` writes the request's body.
 */
export async function startExampleApi(client: DynamoDBClient, guard: Guard, port = 0): Promise<ExampleApi> {
  const api = express();
  api.disable('x-powered-by');
  // The guard reads the tenant from the path: /APPS/… must not be another way to the same route.
  api.enable('case sensitive routing');
  api.use(expressMiddleware<Request>(guard, { subject: (request) => appOf(request.path) }));
  api.use(express.text({ type: () => true, limit: '350kb' }));
  api.put('/apps/:app/documents/:document', async (request, response) => {
    const { app, document } = request.params;
    const text = typeof request.body === 'string' ? request.body : '';
    const units = await putDocument(client, app, document, text);
    response.json({ app, document, units });
  });
  const server = api.listen(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The tenant a request is for: here its path names it, elsewhere its authentication would. */
function appOf(path: string): string | undefined {
  const [, apps, app] = path.split('/');
  return apps === 'apps' && app !== undefined ? decodeURIComponent(app) : undefined;
}
