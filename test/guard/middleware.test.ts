import { once } from 'node:events';
import type { Server } from 'node:http';
import express from 'express';
import fastify, { type FastifyInstance } from 'fastify';
import Koa from 'koa';
import {
  expressMiddleware,
  fastifyHook,
  type Guard,
  type GuardEvent,
  koaMiddleware,
  refuse,
} from '../../guard';
import { suspensionStoreNames } from '../../lambdas/contracts/suspension-store';
import { type Setting, startSetting, untilAllowed } from './setting';

const names = suspensionStoreNames();
const nowMs = 1_700_000_000_000;
const later = nowMs + 30_500;
let setting: Setting;
let guard: Guard;
let events: GuardEvent[];
let expressServer: Server;
let koaServer: Server;
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
  urls['Express'] = await urlOf(expressServer);

  const koa = new Koa();
  koa.use(koaMiddleware(guard, { subject: (context) => subjectOf(context.headers['x-app-id']) }));
  koa.use((context) => {
    context.body = 'passed';
  });
  koaServer = koa.listen(0, '127.0.0.1');
  urls['Koa'] = await urlOf(koaServer);

  fastifyServer = fastify();
  fastifyServer.addHook(
    'onRequest',
    fastifyHook(guard, { subject: (request) => subjectOf(request.headers['x-app-id']) }),
  );
  fastifyServer.all('/items', () => 'passed');
  urls['Fastify'] = `${await fastifyServer.listen({ host: '127.0.0.1', port: 0 })}/items`;
});

async function urlOf(server: Server): Promise<string> {
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${String(address.port)}/items`;
}

afterAll(async () => {
  for (const server of [expressServer, koaServer]) {
    server.closeAllConnections();
    server.close();
  }
  await fastifyServer.close();
  await setting.end();
});

function send(server: string, method: string, appId?: string): Promise<Response> {
  return fetch(urls[server] ?? '', { method, headers: appId === undefined ? {} : { 'x-app-id': appId } });
}

describe.each(['Express', 'Fastify', 'Koa'])('behind %s', (server) => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'a suspended subject’s %s is answered with the problem',
    async (method) => {
      const response = await send(server, method, 'app_1');
      expect(response.status).toBe(429);
      expect(response.headers.get('retry-after')).toBe('90');
      expect(response.headers.get('ratelimit')).toBe('"partition-heat";r=0;t=90');
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

test('the plain function tells routes apart', async () => {
  const { guard: routed } = await setting.startGuard({ now: () => later });
  const details = String(await setting.redis.hget(names.details, 'app_1'));
  const one = details.replaceAll('"app_1"', '"routed"').replace('"writes"', '"route:POST /items"');
  await setting.redis.multi().hset(names.details, 'routed', one).incr(names.version).exec();
  await untilAllowed(routed, 'routed', false);
  const decide = refuse(routed, {
    subject: () => 'routed',
    route: (request: { method: string; path: string }) => `${request.method} ${request.path}`,
  });
  const problem = decide({ method: 'POST', path: '/items' });
  expect(JSON.parse(problem?.body ?? '')).toMatchObject({
    detail: expect.stringContaining('Requests for POST /items of routed are refused') as string,
  });
  expect(decide({ method: 'POST', path: '/users' })).toBeUndefined();
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
