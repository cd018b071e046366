import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { Handler } from '../../../infra/local/event-sources/invoke';
import { type LocalLambda, startLambda } from '../../../infra/local/lambda/server';
import { type ManagedFlink, startManagedFlink } from '../../../infra/local/managed-flink/server';
import { kinesisClient } from '../../../lambdas/delivery/kinesis-client';
import { createHandler, type OperatorHandler } from '../../../lambdas/operator/handler';
import { readFigures } from '../../../orchestrator/commands/read-figures';
import type { Operator } from '../../../orchestrator/service/operator';
import type { Finding } from '../../../orchestrator/doctor/doctor-check';
import { operatorFunction } from '../../../orchestrator/doctor/checks/operator-function';
import { readEnvironment } from '../../../orchestrator/definition/environments';
import { operatorOf } from '../../../orchestrator/service/operator';
import { defaultPolicy } from '../../../lambdas/suspender/default-policy';
import { type RedisProcess, startRedisProcess } from '../../guard/redis-process';
import { newStream, uniqueName } from '../../infra/local/event-sources/streams-of-one-test';
import { newControlTable } from '../../lambdas/suspender/control-tables';
import { type Setting, startSetting } from '../../lambdas/suspender/setting';
import { warmSystem } from '../../parts/warm-system';
import { type Ran, runSpillway } from '../run-spillway';

const functions = new Map<string, Handler<unknown>>();
let redisProcess: RedisProcess;
let table: string;
let lambda: LocalLambda;
let managedFlink: ManagedFlink;
let setting: Setting;
let operator: OperatorHandler;
let kinesis: KinesisClient;
let usageStream: string;
let environments: string;

beforeAll(async () => {
  const { environment, flinkRestUrl, runFolder } = warmSystem();
  const folder = join(runFolder, uniqueName('suspensions'));
  mkdirSync(folder, { recursive: true });
  // One after the other: what has started can be ended, also where the next thing fails.
  kinesis = kinesisClient(environment);
  redisProcess = await startRedisProcess();
  lambda = await startLambda({ functions, log: () => undefined });
  managedFlink = await startManagedFlink({
    flinkRestUrl,
    environment,
    folder: join(folder, 'managed-flink'),
  });
  table = await newControlTable();
  usageStream = (await newStream(kinesis, 'usage', 2)).name;
  environments = join(folder, 'environments.json');
  const streams = { usage: usageStream, excess: 'no-excess', setAside: 'no-set-aside' };
  const local = {
    region: 'us-east-1',
    account: '000000000000',
    codeBucket: 'code',
    controlTable: table,
    streams,
  };
  writeFileSync(environments, JSON.stringify({ local }));
});

beforeEach(async () => {
  setting = await startSetting(redisProcess, table);
  setting.nowMs = Math.floor(Date.now() / 1000) * 1000;
  const quiet = (): void => undefined;
  operator = createHandler(setting.environment, quiet, quiet);
  functions.set('operator', operator);
});

afterEach(async () => {
  await operator.close();
  await setting.end();
});

afterAll(async () => {
  kinesis.destroy();
  await redisProcess.kill();
  await lambda.stop();
  await managedFlink.stop();
});

/** Runs a command against the operator function. */
function spillway(...args: string[]): Promise<Ran> {
  return runSpillway(
    [...args, '--environments', environments, '--definitions', resolve(__dirname, '../definitions')],
    {
      ...warmSystem().environment,
      AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
      AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: managedFlink.endpoint,
    },
  );
}

async function json<T>(...args: string[]): Promise<T> {
  const { stdout, stderr } = await spillway(...args, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

test('list shows who is suspended, why, and the figures of the hour; its filters leave others out', async () => {
  await setting.excess({ subject: 'app_1' });
  await setting.excess({ subject: 'app_2', detection: 'burst', resource: 'orders' });
  const { exitCode, stdout } = await spillway('suspensions', 'list');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/(this|last) hour: 2 subjects suspended, 0 requests prevented/);
  expect(stdout).toMatch(/app_1 +\S+Z \(\d+ (s|min)\) +1 +writes +partition-heat +users +61000 \/ 60000/);
  expect(stdout).toContain('app_2');
  const filtered = await json<{ suspensions: { subject: string }[]; total: number }>(
    'suspensions',
    'list',
    '--detection',
    'burst',
  );
  expect(filtered).toMatchObject({
    schemaVersion: 1,
    command: 'suspensions list',
    total: 1,
    suspensions: [{ subject: 'app_2' }],
  });
  const none = await json<{ total: number }>('suspensions', 'list', '--subject', 'web');
  expect(none.total).toBe(0);
});

test('status shows both figures by the hour, and works without them where the function does not answer', async () => {
  // So that nothing of it is in the future of the function, whose clock is the real one.
  setting.pass(-120);
  await setting.excess({ subject: 'app_1' });
  await setting.ask('apply-policy', { policy: { ...defaultPolicy, mode: 'simulate' } });
  // The policy in force is known half a minute later.
  setting.pass(60);
  await setting.excess({ subject: 'app_2' });
  const hour = Math.floor(setting.nowMs / 3_600_000);
  await setting.redis.hset(`${setting.keys.refusedPrefix}${hour - 2}`, 'app_1', 1_204);
  const shown = await spillway('status');
  expect(shown.exitCode).toBe(0);
  expect(shown.stdout).toContain('ticking (local) is not there');
  expect(shown.stdout).toMatch(
    /suspensions \(local\)\n +HOUR \(UTC\) +SUBJECTS SUSPENDED +REQUESTS PREVENTED/,
  );
  expect(shown.stdout).toMatch(/T\d\d:00Z +0 +1204 +0\n/);

  type Figures = { subjectsSuspended: number; subjectsSimulated: number; requestsPrevented: number };
  const { suspensions } = await json<{ suspensions: { hours: Figures[]; note: null } }>('status');
  expect(suspensions.note).toBeNull();
  expect(suspensions.hours).toHaveLength(24);
  const sum = (of: keyof Figures): number => suspensions.hours.reduce((total, hour) => total + hour[of], 0);
  expect([sum('subjectsSuspended'), sum('subjectsSimulated'), sum('requestsPrevented')]).toEqual([
    1, 1, 1_204,
  ]);

  functions.delete('operator');
  const without = await spillway('status');
  expect(without).toMatchObject({ exitCode: 0 });
  expect(without.stdout).toContain('ticking (local) is not there');
  expect(without.stdout).toMatch(
    /\nsuspensions \(local\): not known: invoking operator failed: ResourceNotFoundException.*\n$/,
  );
  expect(await json('status')).toMatchObject({ suspensions: { hours: null } });
});

test('an operator function that hangs is waited for ten seconds at most', async () => {
  const hangs: Pick<Operator, 'ask'> = { ask: () => new Promise(() => undefined) };
  expect(await readFigures({ ...hangs, close: () => undefined }, 20)).toMatchObject({
    note: expect.stringContaining('did not answer within 0.02 s') as string,
  });
});

test('add, show, lift and history: what a person does is recorded with who and why', async () => {
  const add = await spillway(
    'suspensions',
    'add',
    'app_9',
    '--for',
    '10m',
    '--reason',
    'an import gone wild',
  );
  expect(add).toMatchObject({ exitCode: 0, stdout: 'app_9 is suspended\n' });
  expect((await spillway('suspensions', 'show', 'app_9')).stdout).toMatch(
    /suspended +writes, until .*\(10 min\), offence 1/,
  );
  const lift = await spillway('suspensions', 'lift', 'app_9', '--reason', 'they fixed it');
  expect(lift.stdout).toContain('app_9 is free');
  expect((await spillway('suspensions', 'lift', 'app_9', '--reason', 'again')).stdout).toContain(
    'app_9 is not suspended: nothing to do',
  );
  const { stdout } = await spillway('suspensions', 'history', 'app_9');
  expect(stdout).toMatch(
    /lifted .*by local:\S+: they fixed it\n.*added .*by local:\S+: an import gone wild\n/s,
  );
});

test('a suspension by hand may be of one route, and of no scope that guards do not know', async () => {
  const args = ['suspensions', 'add', 'app_9', '--for', '1m', '--reason', 'imports only', '--scope'];
  expect((await spillway(...args, 'route:imports')).exitCode).toBe(0);
  expect((await spillway('suspensions', 'list')).stdout).toMatch(/app_9 .* route:imports/);
  expect((await spillway(...args, 'reads')).stderr).toContain('--scope is "reads"');
});

test('a change without a reason is refused', async () => {
  const { exitCode, stderr } = await spillway('suspensions', 'lift', 'app_9');
  expect(exitCode).toBe(1);
  expect(stderr).toContain("required option '--reason <text>' not specified");
});

test.each([
  [['suspensions', 'add', 'app_9', '--for', '400d', '--reason', 'x'], 'that is too long: at most 366 days'],
  [['suspensions', 'add', 'app_9', '--for', '10', '--reason', 'x'], '--for is "10"'],
  [['suspensions', 'add', '', '--for', '1m', '--reason', 'x'], 'the subject is empty'],
  [['suspensions', 'lift', 'app_9', '--reason', '  '], '--reason is empty or longer than 500 characters'],
  [['suspensions', 'history', '--kind', 'liftd'], '--kind is "liftd" (did you mean "lifted"?)'],
  [['suspensions', 'list', '--limit', '5000'], '--limit is "5000". Give a whole number from 1 to 1000'],
  [['suspension', 'list'], 'Did you mean suspensions?'],
  [['exemptions', 'add', 'app_9', '--until', 'yesterday', '--reason', 'x'], '--until is "yesterday"'],
  [
    ['exemptions', 'add', 'app_9', '--until', '2999-01-01', '--reason', 'x'],
    'that is too long: at most 366 days',
  ],
  [['policy', 'apply', 'no-such.json', '--reason', 'x'], 'spillway policy show > no-such.json'],
])('a mistake is told in words: %j', async (args, words) => {
  const { exitCode, stdout, stderr } = await spillway(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain(words);
});

test('history, watch and exemptions list leave out what their filters name', async () => {
  const why = ['--reason', 'a test'];
  await spillway('suspensions', 'add', 'app_1', '--for', '10m', ...why);
  await spillway('exemptions', 'add', 'app_1', '--for', '1h', ...why);
  await spillway('exemptions', 'add', 'web_1', '--for', '1h', ...why);
  type Events = { events: { kind: string; subject: string }[] };
  const { events } = await json<Events>('suspensions', 'history', '--kind', 'exempted');
  expect(events.map(({ kind, subject }) => [kind, subject])).toEqual([
    ['exempted', 'web_1'],
    ['exempted', 'app_1'],
  ]);
  const watched = await spillway('suspensions', 'watch', '--for', '1s', '--kind', 'lifted');
  expect(watched.stdout).toMatch(/^\S+Z {2}lifted +app_1 [^\n]*\n$/);
  const shown = await spillway('exemptions', 'list', '--subject', 'web');
  expect(shown.stdout).toContain('web_1');
  expect(shown.stdout).not.toContain('app_1');
});

test('exemptions are added with an end, listed and removed', async () => {
  await setting.excess({ subject: 'app_1' });
  const why = ['--reason', 'a migration'];
  expect((await spillway('exemptions', 'add', 'app_1', '--for', '7d', ...why)).stdout).toBe(
    'app_1 is exempt, and its suspension has ended\n',
  );
  expect((await spillway('exemptions', 'list')).stdout).toMatch(/app_1 +\S+Z +local:\S+ +a migration/);
  expect((await spillway('suspensions', 'add', 'app_1', '--for', '1m', ...why)).exitCode).toBe(1);
  expect((await spillway('exemptions', 'remove', 'app_1', ...why)).stdout).toContain('not exempt any more');
  expect((await spillway('exemptions', 'list')).stdout).toBe('nobody is exempt\n');
  const endless = await spillway('exemptions', 'add', 'app_1', ...why);
  expect(endless.stderr).toContain('an exemption has an end');
});

test('breaker status tells the rate, and reset closes it', async () => {
  expect((await spillway('breaker', 'status')).stdout).toContain('the breaker is closed: 0 new suspensions');
  const policy = { ...defaultPolicy, breaker: { suspensionsPerMinute: 1 } };
  await setting.ask('apply-policy', { policy });
  await setting.excess({ subject: 'app_1' });
  expect((await setting.excess({ subject: 'app_2' })).kind).toBe('held');
  expect((await spillway('breaker', 'status')).stdout).toContain('the breaker is OPEN');
  expect((await spillway('suspensions', 'list')).stdout).toContain('The breaker is OPEN');
  expect(await doctorsFinding()).toMatchObject([
    { is: 'wrong', detail: expect.stringMatching('is open') as string },
  ]);
  expect((await spillway('breaker', 'reset', '--reason', 'the rule is mended')).stdout).toContain(
    'is closed',
  );
  expect(await doctorsFinding()).toMatchObject([{ is: 'ok' }]);
});

async function doctorsFinding(): Promise<Finding[]> {
  const variables = { ...warmSystem().environment, AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint };
  const asked = operatorOf(readEnvironment(environments, 'local'), variables);
  try {
    return await operatorFunction.look({ operator: asked });
  } finally {
    asked.close();
  }
}

test('a policy is shown as a file, applied from one, and refused with the place of what is wrong', async () => {
  const shown = await spillway('policy', 'show');
  expect(shown.stderr).toContain('this one is built in');
  const file = join(warmSystem().runFolder, `${uniqueName('policy')}.json`);
  writeFileSync(file, shown.stdout.replace('"mode": "enforce"', '"mode": "simulate"'));
  expect((await spillway('policy', 'apply', file, '--reason', 'a week of watching')).stdout).toContain(
    'the policy is applied',
  );
  expect(await json('policy', 'show')).toMatchObject({
    policy: { mode: 'simulate' },
    applied: { by: { reason: 'a week of watching' } },
  });
  writeFileSync(file, shown.stdout.replace('"ceilingSeconds"', '"ceilingSecond"'));
  const wrong = await spillway('policy', 'apply', file, '--reason', 'a slip');
  expect(wrong).toMatchObject({ exitCode: 1, stdout: '' });
  expect(wrong.stderr).toContain('"ceilingSecond" is not known in default (did you mean "ceilingSeconds"?)');
});

test('watch writes each decision once, one JSON document a line', async () => {
  await setting.excess({ subject: 'app_1' });
  await setting.ask('sweep');
  const watching = spillway('suspensions', 'watch', '--for', '2s', '--json');
  await setting.ask('lift', { subject: 'app_1' });
  const { stdout, exitCode } = await watching;
  expect(exitCode).toBe(0);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { kind: string }).kind);
  expect(events).toEqual(['suspended', 'lifted']);
});

test('explain adds usage up second by second, delivered twice or not, beside the limit and what was decided', async () => {
  const now = setting.nowMs / 1000;
  const usage = (batch: string, second: number, units: number): object => ({
    version: 1,
    source: 'users',
    batch,
    part: 0,
    second,
    entries: [{ resource: 'users', key: 'S:app_5', subject: 'app_5', units, writes: 1 }],
  });
  const records = [usage('a', now - 20, 30_000), usage('b', now - 10, 31_000), usage('a', now - 20, 30_000)];
  for (const [index, record] of records.entries()) {
    const Data = Buffer.from(JSON.stringify(record));
    await kinesis.send(new PutRecordCommand({ StreamName: usageStream, PartitionKey: String(index), Data }));
  }
  await setting.excess({ subject: 'app_5', key: 'S:app_5', windowEnd: now - 9 });
  await setting.ask('sweep');
  const explained = await json<{ keys: object[]; events: object[]; next: string[] }>('explain', 'app_5');
  expect(explained).toMatchObject({
    recomputed: true,
    keys: [
      {
        resource: 'users',
        key: 'S:app_5',
        peakHeat: 61_000,
        excess: 1_000,
        rule: { limit: 60_000, windowSeconds: 120 },
        seconds: [
          { second: now - 20, units: 30_000, heat: 30_000 },
          { second: now - 10, units: 31_000, heat: 61_000 },
        ],
      },
    ],
    events: [{ kind: 'suspended' }],
  });
  expect(explained.next[0]).toContain('app_5 is refused until');
  const { stdout } = await spillway('explain', 'S:app_5');
  expect(stdout).toContain('61000 at most, 1000 above the limit');
  expect(stdout).toContain('┈');
  expect(stdout).toContain('█');
  expect((await spillway('explain', 'nobody')).stdout).toContain('is in no usage of that time');
});

test('prove says at which step it stopped', async () => {
  const { exitCode, stdout } = await spillway('prove', '--timeout', '1s');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('stopped at: application');
});

test('an environment without the function is told', async () => {
  functions.delete('operator');
  const { exitCode, stderr } = await spillway('suspensions', 'list');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('invoking operator failed: ResourceNotFoundException');
});
