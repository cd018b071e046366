import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { noControl } from '../../../lambdas/suspender/control';
import { defaultPolicy } from '../../../lambdas/suspender/default-policy';
import { readSettings } from '../../../lambdas/suspender/settings';
import { type SuspensionStore, suspensionStoreAt } from '../../../lambdas/suspender/store';
import type { Environment } from '../../../lambdas/delivery/environment';
import { createHandler } from '../../../lambdas/operator/handler';
import { eventually } from '../../guard/eventually';
import { freePort, type RedisProcess, startRedisProcess } from '../../guard/redis-process';
import { redisServers } from './redis-servers';
import { aRequest } from './requests';

const folder = join(__dirname, '../../../.spillway', `redis-places-${String(process.pid)}`);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A node's second port is 10,000 above its first, and must be a port as well. */
async function portOfNode(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port < 55_000) return port;
  }
}

/** The store of an environment, as the suspender has it. */
function storeOf(environment: Environment): SuspensionStore {
  const { redis, store } = readSettings(environment);
  return suspensionStoreAt(redis, store, () => Promise.resolve(defaultPolicy), noControl());
}

/** Suspends somebody and lifts it again: every kind of script, and a channel. */
async function works(environment: Environment): Promise<void> {
  const store = storeOf(environment);
  const quiet = (): void => undefined;
  const operator = createHandler({ ...environment, SPILLWAY_STORE: 'spillway' }, quiet, quiet);
  const nowMs = Date.now();
  const ask = (action: object): Promise<unknown> => operator({ version: 1, who: 'local:test', ask: action });
  try {
    const request = aRequest({ windowEnd: Math.floor(nowMs / 1000) });
    expect((await store.suspend(request, nowMs)).kind).toBe('suspended');
    const lift = { action: 'lift', id: '1', subject: 'app_1', reason: 'a test' };
    expect(await ask(lift)).toEqual({ changed: true, outcome: 'lifted' });
    expect(await ask({ action: 'sweep' })).toMatchObject({ active: 0, ended: 0 });
  } finally {
    await operator.close();
    await store.close();
  }
}

describe.each(redisServers())('%s', (_version, binary) => {
  let server: RedisProcess | undefined;

  afterEach(async () => {
    await server?.kill();
    server = undefined;
  });

  test('with a password, given apart from the address', async () => {
    const password = 'a long password';
    server = await startRedisProcess({ binary, client: { password }, settings: ['--requirepass', password] });
    await works({ SPILLWAY_REDIS_URL: server.url, SPILLWAY_REDIS_PASSWORD: password });
    const without = storeOf({ SPILLWAY_REDIS_URL: server.url });
    await expect(without.suspend(aRequest(), 0)).rejects.toThrow('NOAUTH');
    await without.close();
  });

  test('in cluster mode, where a key outside of the declared slot would be refused', async () => {
    mkdirSync(folder, { recursive: true });
    const port = await portOfNode();
    const clusterFile = join(folder, `${String(port)}.conf`);
    server = await startRedisProcess({
      binary,
      port,
      settings: ['--cluster-enabled', 'yes', '--cluster-config-file', clusterFile].concat([
        '--cluster-announce-ip',
        '127.0.0.1',
      ]),
    });
    const admin = new Redis(server.url);
    try {
      await admin.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot));
      await eventually('the cluster to be ready', async () =>
        String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok'),
      );
    } finally {
      admin.disconnect();
    }
    await works({ SPILLWAY_REDIS_URL: server.url, SPILLWAY_REDIS_CLUSTER: 'yes' });
  });
});

test('over TLS, with a certificate authority of its own', async () => {
  mkdirSync(folder, { recursive: true });
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
      .concat(['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'])
      .concat(['-keyout', key, '-out', cert]),
    { stdio: 'ignore' },
  );
  const port = await freePort();
  const server = await startRedisProcess({
    settings: ['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key].concat([
      '--tls-auth-clients',
      'no',
    ]),
  });
  const address = `rediss://127.0.0.1:${String(port)}`;
  await works({ SPILLWAY_REDIS_URL: address, SPILLWAY_REDIS_CA: readFileSync(cert, 'utf8') });
  const distrusting = storeOf({ SPILLWAY_REDIS_URL: address });
  await expect(distrusting.suspend(aRequest(), 0)).rejects.toThrow();
  await distrusting.close();
  await server.kill();
});
