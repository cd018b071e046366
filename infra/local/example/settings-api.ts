import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import express, { type Request } from 'express';
import type { AddressInfo } from 'node:net';
import { expressMiddleware, type Guard } from '../../../guard';
import type { ExampleApi } from './api';
import { putSettings } from './settings-table';

/** A second API of the example, in front of the settings table: `PUT /apps/:app/settings` writes the request's body. */
export async function startSettingsApi(client: DynamoDBClient, guard: Guard): Promise<ExampleApi> {
  const api = express();
  api.disable('x-powered-by');
  // The guard reads the tenant from the path: /APPS/… must not be another way to the same route.
  api.enable('case sensitive routing');
  api.use(expressMiddleware<Request>(guard, { subject: (request) => appOf(request.path) }));
  api.use(express.text({ type: () => true, limit: '350kb' }));
  api.put('/apps/:app/settings', async (request, response) => {
    const { app } = request.params;
    const units = await putSettings(client, app, typeof request.body === 'string' ? request.body : '');
    response.json({ app, units });
  });
  const server = api.listen(0, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The tenant a request is for. */
function appOf(path: string): string | undefined {
  const [, apps, app] = path.split('/');
  return apps === 'apps' && app !== undefined ? decodeURIComponent(app) : undefined;
}
