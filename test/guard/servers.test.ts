import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { createGuard, type Guard, type GuardEvent, type RedisLocation } from '../../guard';
import { suspensionStoreNames } from '../../lambdas/contracts/suspension-store';
import { suspendAt } from './changes';
import { eventually } from './eventually';
import {
  allBinaries,
  type RedisProcess,
  type RedisProcessOptions,
  speaksTls,
  startRedisProcess,
} from './redis-process';
import { selfSigned } from './self-signed';
import { untilAllowed } from './setting';

const names = suspensionStoreNames();
/** `npm test` takes the server that set-up found; the full test every one that this machine has. */
const servers = process.env['SPILLWAY_FULL'] === '1' ? allBinaries() : allBinaries().slice(0, 1);
const password = 'a password of the test';
const { key, certificate } = selfSigned();
let folder: string;
let tls: readonly string[];
const opened: { end: () => unknown }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-guard-servers-'));
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  await writeFile(keyFile, key);
  await writeFile(certificateFile, certificate);
  const files = ['--tls-cert-file', certificateFile, '--tls-key-file', keyFile];
  tls = [...files, '--tls-ca-cert-file', certificateFile, '--tls-auth-clients', 'no'];
});

afterEach(async () => {
  for (const { end } of opened.splice(0).reverse()) await end();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function start(options: RedisProcessOptions): Promise<RedisProcess> {
  const server = await startRedisProcess(options);
  opened.push({ end: () => server.kill() });
  return server;
}

function clientOf(server: RedisProcess, options: Omit<RedisOptions, 'replyMapping'> = {}): Redis {
  const client = new Redis({ ...options, host: '127.0.0.1', port: server.port });
  opened.push({ end: () => client.disconnect() });
  return client;
}

async function startGuard(
  redis: RedisLocation,
  pollSeconds = 3_600,
  startSeconds = 5,
): Promise<{ guard: Guard; events: GuardEvent[] }> {
  const events: GuardEvent[] = [];
  const guard = createGuard({ redis, pollSeconds, startSeconds, onEvent: (event) => events.push(event) });
  opened.push({ end: () => guard.stop() });
  await guard.start();
  return { guard, events };
}

/** A guard follows what is there, what is pushed, and its refusals are counted. */
async function expectFollowed(redis: Redis | Cluster, location: RedisLocation): Promise<void> {
  await suspendAt(redis, 'before');
  const { guard } = await startGuard(location);
  expect(guard.check('before').allowed).toBe(false);
  await eventually('pushes', () => guard.state().push);
  await suspendAt(redis, 'pushed');
  await untilAllowed(guard, 'pushed', false);
  await guard.stop();
  const hour = String(Math.floor(Date.now() / 3_600_000));
  expect(await redis.hget(names.refusedPrefix + hour, 'before')).toBe('1');
}

// Some builds have no TLS, such as those that come in a package of another language.
for (const [version, binary] of servers.filter(([, file]) => speaksTls(file))) {
  test(`a guard follows a server with a password and TLS, on ${version}`, async () => {
    const client = { password, tls: { ca: certificate } };
    const settings = [...tls, '--requirepass', password];
    const server = await start({ binary, scheme: 'rediss', settings, client });
    const location = { ...client, host: '127.0.0.1', port: server.port };
    await expectFollowed(clientOf(server, client), location);
  });

  test(`a guard trusts no certificate that it was not told of, and says what is wrong, on ${version}`, async () => {
    const server = await start({
      binary,
      scheme: 'rediss',
      settings: tls,
      client: { tls: { ca: certificate } },
    });
    const { guard, events } = await startGuard(server.url, 3_600, 0.01);
    await eventually('it to be said', () => events.some(({ message }) => message.includes('self-signed')));
    expect(guard.state().status).toBe('stale');
  });
}

describe.each(servers)('on %s', (_version, binary) => {
  test('a guard with a user of its own needs to read, and to write counts only', async () => {
    const server = await start({ binary });
    const redis = clientOf(server);
    const may = [
      '+@connection',
      '+multi',
      '+exec',
      '+get',
      '+mget',
      '+hvals',
      '+time',
      '+subscribe',
      '+eval',
    ];
    const counts = ['+exists', '+hincrby', '+expire', '+set', '+info'];
    const rules = [
      'on',
      `>${password}`,
      '~{spillway}:*',
      'resetchannels',
      '&{spillway}:*',
      '-@all',
      ...may,
      ...counts,
    ];
    await redis.call('ACL', 'SETUSER', 'guard', ...rules);
    const url = `redis://guard:${encodeURIComponent(password)}@127.0.0.1:${String(server.port)}`;
    await expectFollowed(redis, url);
  });

  test('a guard that may not subscribe polls, and is pushed changes once it may', async () => {
    const server = await start({ binary });
    const redis = clientOf(server);
    await redis.call('ACL', 'SETUSER', 'guard', 'on', `>${password}`, '~*', '+@all', 'resetchannels');
    const url = `redis://guard:${encodeURIComponent(password)}@127.0.0.1:${String(server.port)}`;
    const { guard } = await startGuard(url, 0.05);
    await suspendAt(redis, 'polled');
    await untilAllowed(guard, 'polled', false);
    expect(guard.state().push).toBe(false);
    await redis.call('ACL', 'SETUSER', 'guard', 'allchannels');
    await eventually('pushes', () => guard.state().push);
  });

  test('a guard follows a cluster, and again after its subscription was cut', async () => {
    const file = join(folder, `nodes-${String(process.pid)}-${String(opened.length)}-${binary.length}.conf`);
    const server = await start({
      binary,
      settings: [
        '--cluster-enabled',
        'yes',
        '--cluster-config-file',
        file,
        '--cluster-announce-ip',
        '127.0.0.1',
      ],
    });
    const node = clientOf(server);
    await node.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => String(slot)));
    const isUp = async (): Promise<boolean> =>
      String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
    await eventually('the cluster to be up', isUp);
    const cluster = new Cluster([{ host: '127.0.0.1', port: server.port }]);
    opened.push({ end: () => cluster.disconnect() });
    await expectFollowed(cluster, cluster);

    const { guard } = await startGuard(cluster, 0.1);
    await node.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await suspendAt(cluster, 'after');
    await untilAllowed(guard, 'after', false);
    await rm(file, { force: true });
  });
});
