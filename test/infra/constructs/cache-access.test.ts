import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, Redis } from 'ioredis';
import { createGuard } from '../../../guard';
import { functionsAccess, guardAccess } from '../../../infra/constructs/cache-access';
import type { OperatorAction } from '../../../lambdas/contracts/operator';
import { createHandler as createOperator } from '../../../lambdas/operator/handler';
import { createHandler as createSuspender } from '../../../lambdas/suspender/handler';
import { eventually } from '../../guard/eventually';
import { type RedisProcess, startRedisProcess } from '../../guard/redis-process';
import { aMessage, aRequest } from '../../lambdas/suspender/requests';

const password = 'a-password-of-the-test';
// Of this moment: what is older than its suspension would last is decided without one.
const request = aRequest({ windowEnd: Math.floor(Date.now() / 1_000) });
const quiet = (): void => undefined;
let server: RedisProcess;
let node: Redis;
const folder = mkdtempSync(join(tmpdir(), 'spillway-access-'));

/** In cluster mode, as ElastiCache Serverless is; TLS is tested with the suspender and the guard. */
beforeAll(async () => {
  const file = join(folder, 'nodes.conf');
  const cluster = ['--cluster-enabled', 'yes', '--cluster-config-file', file];
  server = await startRedisProcess({ settings: [...cluster, '--cluster-announce-ip', '127.0.0.1'] });
  node = new Redis(server.url);
  const slots = Array.from({ length: 16_384 }, (_, slot) => String(slot));
  await node.call('CLUSTER', 'ADDSLOTS', ...slots);
  await eventually('the cluster to be up', async () =>
    String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok'),
  );
  const users = { functions: functionsAccess('spillway'), guards: guardAccess('spillway') };
  for (const [name, access] of Object.entries(users)) {
    await node.call('ACL', 'SETUSER', name, 'reset', `>${password}`, ...access.split(' '));
  }
});

afterAll(async () => {
  node.disconnect();
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});

function environment(): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    SPILLWAY_REDIS_URL: server.url,
    SPILLWAY_REDIS_CLUSTER: 'yes',
    SPILLWAY_REDIS_USERNAME: 'functions',
    SPILLWAY_REDIS_PASSWORD: password,
    SPILLWAY_STORE: 'spillway',
  };
}

test('the functions’ user may do all that the suspender and the operator function do', async () => {
  const suspender = createSuspender(environment(), quiet, quiet);
  const operator = createOperator(environment(), quiet, quiet);
  try {
    const body = JSON.stringify(request);
    expect(await suspender({ Records: [aMessage(body)] })).toEqual({ batchItemFailures: [] });
    const ask = (action: OperatorAction) => operator({ version: 1, who: 'local:test', ask: action });
    const { subject } = request.excess;
    const reason = 'a test';
    expect(await ask({ action: 'show', subject })).toMatchObject({ suspension: { subject } });
    const byHand: OperatorAction[] = [
      { action: 'add', id: 'a', subject: 'app_2', seconds: 60, scope: 'writes', reason },
      { action: 'lift', id: 'l', subject: 'app_2', reason },
      { action: 'reset-breaker', id: 'r', reason },
      { action: 'breaker' },
      { action: 'list', simulated: false, limit: 10 },
      { action: 'list', simulated: true, limit: 10 },
      { action: 'sweep' },
    ];
    for (const action of byHand) await ask(action);
  } finally {
    await suspender.close();
    await operator.close();
  }
});

test('the guards’ user may read suspensions and count refusals, and not suspend or lift', async () => {
  const redis = new Cluster([{ host: '127.0.0.1', port: server.port }], {
    redisOptions: { username: 'guards', password },
  });
  const guard = createGuard({ redis, onEvent: quiet });
  try {
    await guard.start();
    expect(guard.check(request.excess.subject).allowed).toBe(false);
    await eventually('pushes', () => guard.state().push);
    for (const write of [
      ['ZREM', '{spillway}:active', 'app_1'],
      ['HDEL', '{spillway}:details', 'app_1'],
      ['DEL', '{spillway}:active'],
      ['GET', 'another'],
    ] as const) {
      const [command, ...rest] = write;
      await expect(redis.call(command, ...rest)).rejects.toThrow(/NOPERM|permissions/);
    }
  } finally {
    await guard.stop();
    redis.disconnect();
  }
  const refused = await node.keys('{spillway}:refused:*');
  expect(refused).toHaveLength(1);
});
