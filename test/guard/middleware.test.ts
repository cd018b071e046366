import { once } from 'node:events';
import type { Server } from 'node:http';
import express from 'express';
import fastify, { type FastifyInstance } from 'fastify';
import { expressMiddleware, fastifyHook, type Guard, type GuardEvent, refuse } from '../../guard';
import { type Setting, startSetting } from './setting';

const nowMs = 1_700_000_000_000;
const later = nowMs + 30_500;
let setting: Setting;
let guard: Guard;
let events: GuardEvent[];
let expressServer: Server;
let fastifyServer: FastifyInstance;
const urls: Record<string, string> = {};

/** The tests' way to a subject: a header, and one value on which it breaks. */
function subjectOf(header: unknown): string | undefined {
  if (header === 'breaks') throw new Error('no such application');
  return typeof header === 'string' ? header : undefined;
}

beforeAll(async () => {
  setting = await startSetting();
  await setting.suspend('app_1', nowMs, 1_000);
  ({ guard, events } = await setting.startGuard({ now: () => later, flushSeconds: 3_600 }));

  const app = express();
  app.use(expressMiddleware(guard, { subject: (request) => subjectOf(request.headers['x-app-id']) }));
  app.all('/items', (_request, response) => {
    response.send('passed');
  });
  expressServer = app.listen(0, '127.0.0.1');
  await once(expressServer, 'listening');
  const address = expressServer.address();
  if (address === null || typeof address === 'string') throw new Error('Express has no port');
  urls['Express'] = `http://127.0.0.1:${String(address.port)}/items`;

  fastifyServer = fastify();
  fastifyServer.addHook(
    'onRequest',
    fastifyHook(guard, { subject: (request) => subjectOf(request.headers['x-app-id']) }),
  );
  fastifyServer.all('/items', () => 'passed');
  urls['Fastify'] = `${await fastifyServer.listen({ host: '127.0.0.1', port: 0 })}/items`;
});

afterAll(async () => {
  expressServer.closeAllConnections();
  expressServer.close();
  await fastifyServer.close();
  await setting.end();
});

function send(server: string, method: string, appId?: string): Promise<Response> {
  return fetch(urls[server] ?? '', { method, headers: appId === undefined ? {} : { 'x-app-id': appId } });
}

describe.each(['Express', 'Fastify'])('behind %s', (server) => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'a suspended subject’s %s is answered with the problem',
    async (method) => {
      const response = await send(server, method, 'app_1');
      expect(response.status).toBe(429);
      expect(response.headers.get('retry-after')).toBe('90');
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toEqual({
        type: 'urn:spillway:suspended',
        title: 'Suspended for writing too much',
        status: 429,
        detail:
          'Writes of app_1 are refused for 90 more seconds: it wrote 61000 units within 120 seconds, ' +
          'and the limit is 60000.',
        subject: 'app_1',
        until: new Date(nowMs + 120_000).toISOString(),
        reason: { detection: 'partition-heat', units: 61_000, limit: 60_000, windowSeconds: 120 },
      });
    },
  );

  test.each(['GET', 'HEAD', 'OPTIONS'])('a suspended subject’s %s passes', async (method) => {
    expect((await send(server, method, 'app_1')).status).toBe(200);
  });

  test.each([
    ['of another subject', 'app_2'],
    ['without a subject', undefined],
    ['of the empty subject', ''],
  ])('a request %s passes', async (_situation, appId) => {
    const response = await send(server, 'POST', appId);
    expect([response.status, await response.text()]).toEqual([200, 'passed']);
  });

  test('a request whose subject cannot be told passes, and the guard says so', async () => {
    expect((await send(server, 'POST', 'breaks')).status).toBe(200);
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'subject-failed',
        message: expect.stringContaining('no such application') as string,
      }),
    );
  });
});

test('the plain function answers with what to send, or with nothing', () => {
  const decide = refuse(guard, { subject: (request: { method: string; who: string }) => request.who });
  expect(decide({ method: 'post', who: 'app_1' })).toMatchObject({
    status: 429,
    headers: { 'retry-after': '90' },
  });
  expect(decide({ method: 'POST', who: 'app_2' })).toBeUndefined();
});

test('a guard that fails closed and knows nothing is answered with 503 and when to come back', async () => {
  const { guard: closed } = await setting.startGuard({
    redis: { host: '127.0.0.1', port: 1 },
    fail: 'closed',
    startSeconds: 0.01,
  });
  const decide = refuse(closed, { subject: () => 'app_2' });
  const problem = decide({ method: 'POST' });
  expect(problem).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  expect(JSON.parse(problem?.body ?? '')).toMatchObject({ type: 'urn:spillway:blind', status: 503 });
  expect(decide({ method: 'GET' })).toBeUndefined();
});
