import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGuard, type Guard, problemFor } from '../../../guard';
import { syntheticSubjectPrefix } from '../../../lambdas/contracts/synthetic-subject';
import { defaultPolicy } from '../../../lambdas/suspender/default-policy';
import { createHandler } from '../../../lambdas/operator/handler';
import { eventually } from '../../guard/eventually';
import { type RedisProcess, startRedisProcess } from '../../guard/redis-process';
import { newControlTable } from '../suspender/control-tables';
import { type Setting, startSetting } from '../suspender/setting';

let redisProcess: RedisProcess;
let table: string;
let setting: Setting;

beforeAll(async () => {
  // One after the other: what has started can be ended, also where the next thing fails.
  redisProcess = await startRedisProcess();
  table = await newControlTable();
});

beforeEach(async () => {
  setting = await startSetting(redisProcess, table);
});

afterEach(() => setting.end());

afterAll(() => redisProcess.kill());

const subject = 'app_1';
const kinds = async (of?: string): Promise<string[]> => {
  const { events } = await setting.ask('history', {
    since: setting.nowMs - 86_400_000,
    newestFirst: false,
    limit: 100,
    subject: of,
  });
  return events.map(({ kind }) => kind);
};
const isSuspended = async (): Promise<boolean> =>
  (await setting.ask('show', { subject })).suspension !== undefined;

test('lifted in the middle of an episode and one normal write: the subject stays free', async () => {
  await setting.excess();
  setting.pass(30);
  expect(await setting.ask('lift', { subject })).toEqual({ changed: true, outcome: 'lifted' });
  // The window still holds the old heat, so that the write has the detection speak again.
  setting.pass(30);
  expect((await setting.excess()).kind).toBe('before-lift');
  setting.pass(60);
  expect(await isSuspended()).toBe(false);
  await setting.ask('sweep');
  expect(await kinds()).toEqual(['suspended', 'lifted', 'before-lift']);
});

test('lifted, and the loop goes on: suspended again within the window and 60 s, as the same offence', async () => {
  await setting.excess();
  setting.pass(30);
  await setting.ask('lift', { subject });
  const liftedAtMs = setting.nowMs;
  // The detection speaks once a minute while the heat stays above the limit.
  let decision = await setting.excess();
  while (decision.kind !== 'suspended' && setting.nowMs < liftedAtMs + 600_000) {
    setting.pass(60);
    decision = await setting.excess();
  }
  expect(decision).toMatchObject({ kind: 'suspended', offences: 1 });
  expect(setting.nowMs - liftedAtMs).toBeLessThanOrEqual((120 + 60) * 1000);
});

test('an exemption ends the suspension it covers, and after its end only new heat suspends', async () => {
  await setting.excess();
  expect(await setting.ask('exempt', { subject, seconds: 60 })).toMatchObject({
    outcome: 'exempted-and-lifted',
  });
  expect(await isSuspended()).toBe(false);
  setting.pass(30);
  expect((await setting.excess()).kind).toBe('exempt');
  expect(await setting.ask('add', { subject, seconds: 60, scope: 'writes' })).toEqual({
    changed: false,
    outcome: 'exempt',
  });
  const { exemptions } = await setting.ask('exemptions');
  expect(exemptions).toMatchObject([{ subject, by: { who: 'local:test', reason: 'a test' } }]);
  setting.pass(31);
  expect((await setting.ask('exemptions')).exemptions).toEqual([]);
  expect((await setting.excess()).kind).toBe('before-lift');
  setting.pass(119);
  expect((await setting.excess()).kind).toBe('suspended');
});

test('an exemption that a person ends is over at once', async () => {
  await setting.ask('exempt', { subject, seconds: 3600 });
  setting.pass(300);
  expect(await setting.ask('unexempt', { subject })).toEqual({ changed: true, outcome: 'unexempted' });
  expect(await setting.ask('unexempt', { subject })).toEqual({ changed: false, outcome: 'not-exempt' });
  expect((await setting.excess()).kind).toBe('before-lift');
  setting.pass(120);
  expect((await setting.excess()).kind).toBe('suspended');
});

test('repeat offenders are suspended longer, and after quiet as the first time', async () => {
  const policy = { ...defaultPolicy, default: { ...defaultPolicy.default, jitter: 0 } };
  await setting.ask('apply-policy', { policy });
  const lengths: number[] = [];
  for (const pauseSeconds of [300, 600, 2 * 24 * 3600 + 1200, 300]) {
    const { until } = await setting.excess();
    lengths.push((until - setting.nowMs) / 1000);
    setting.pass(pauseSeconds);
  }
  expect(lengths).toEqual([120, 240, 480, 240]);
});

test('the breaker opens at the policy’s rate, holds everybody, and acts again after its reset', async () => {
  const policy = { ...defaultPolicy, breaker: { suspensionsPerMinute: 2 } };
  await setting.ask('apply-policy', { policy });
  const decide = async (of: string): Promise<string> => (await setting.excess({ subject: of })).kind;
  expect([await decide('a'), await decide('b'), await decide('c')]).toEqual([
    'suspended',
    'suspended',
    'held',
  ]);
  setting.pass(120);
  expect(await decide('d')).toBe('held');
  expect(await setting.ask('breaker')).toMatchObject({ open: true, suspensionsPerMinute: 2 });
  expect((await setting.ask('list', { simulated: false, limit: 10 })).breakerOpen).toBe(true);

  // A store that is lost does not close it.
  await setting.ask('sweep');
  await setting.redis.del(...(await setting.redis.keys(`{${setting.name}}:*`)));
  setting.pass(1);
  expect(await decide('d')).toBe('held');

  expect(await setting.ask('reset-breaker')).toEqual({ changed: true, outcome: 'reset' });
  expect(await setting.ask('reset-breaker')).toEqual({ changed: false, outcome: 'not-open' });
  setting.pass(60);
  expect(await decide('d')).toBe('suspended');
  expect((await kinds()).filter((kind) => kind.startsWith('breaker'))).toEqual([
    'breaker-opened',
    'breaker-reset',
  ]);
});

test('the same request of a person is done once', async () => {
  await setting.excess();
  const id = 'one';
  expect((await setting.ask('lift', { subject, id })).outcome).toBe('lifted');
  setting.pass(120);
  await setting.excess();
  expect((await setting.ask('lift', { subject, id })).outcome).toBe('repeated');
  expect(await isSuspended()).toBe(true);
});

test('who, why and in which invocation stands in the log of decisions', async () => {
  await setting.ask('add', { subject, seconds: 60, scope: 'everything', reason: 'they asked for it' });
  const { events } = await setting.ask('history', {
    since: setting.nowMs - 86_400_000,
    newestFirst: true,
    limit: 10,
  });
  expect(events).toMatchObject([
    {
      kind: 'added',
      subject,
      suspension: { scope: 'everything', until: setting.nowMs + 60_000 },
      by: { who: 'local:test', reason: 'they asked for it', invocation: 'invocation-1' },
    },
  ]);
});

test('what has ended is swept, written down once, and gone from the list', async () => {
  await setting.excess();
  setting.pass(121 + 48);
  expect(await setting.ask('sweep')).toMatchObject({ ended: 1, active: 0 });
  expect(await setting.ask('sweep')).toMatchObject({ ended: 0, written: 0 });
  expect(await kinds(subject)).toEqual(['suspended', 'ended']);
  expect((await setting.ask('list', { simulated: false, limit: 10 })).suspensions).toEqual([]);
});

test('a store that is lost is filled from control: suspensions, offences, exemptions, and a new epoch', async () => {
  await setting.excess();
  await setting.ask('exempt', { subject: 'exempt', seconds: 3600 });
  await setting.ask('sweep');
  const before = await setting.ask('show', { subject });
  const epoch = await setting.redis.get(setting.keys.epoch);
  await setting.redis.del(...(await setting.redis.keys(`{${setting.name}}:*`)));

  await setting.ask('sweep');
  expect(await setting.ask('show', { subject })).toEqual(before);
  expect(await setting.redis.get(setting.keys.epoch)).not.toBe(epoch);
  expect((await setting.excess({ subject: 'exempt' })).kind).toBe('exempt');
});

test('without the copy of exemptions and without control nobody is suspended', async () => {
  const lost = await startSetting(redisProcess, 'no-such-table');
  try {
    await expect(lost.excess()).rejects.toThrow('non-existent table');
    expect(await lost.redis.zcard(lost.keys.active)).toBe(0);
  } finally {
    await lost.end();
  }
});

test('the two figures of an hour: subjects suspended, and requests prevented, which become metrics once', async () => {
  await setting.excess();
  await setting.excess({ subject: 'app_2' });
  const hour = Math.floor(setting.nowMs / 3_600_000);
  await setting.redis.hset(`${setting.keys.refusedPrefix}${String(hour)}`, 'app_1', '40', 'app_2', '2');
  const figures = { hour, subjectsSuspended: 2, subjectsSimulated: 0, requestsPrevented: 42 };
  expect((await setting.ask('list', { simulated: false, limit: 1 })).figures[1]).toEqual(figures);
  await setting.ask('sweep');
  await setting.ask('sweep');
  expect(setting.metrics.map((line) => JSON.parse(line) as object)).toMatchObject([
    {
      Store: setting.name,
      ActiveSuspensions: 2,
      BreakerOpen: 0,
      SubjectsSuspended: 2,
      RequestsPrevented: 42,
    },
    { Store: setting.name, ActiveSuspensions: 2, SubjectsSuspended: 0, RequestsPrevented: 0 },
  ]);
});

test('the figures of 24 hours: each hour has its own, a subject counts once in each, and what is older is gone', async () => {
  const hour = Math.floor(setting.nowMs / 3_600_000);
  const prevented = (of: number, count: number): Promise<number> =>
    setting.redis.hset(`${setting.keys.refusedPrefix}${String(of)}`, subject, count);
  await setting.excess();
  await prevented(hour - 1, 5);
  await prevented(hour, 40);
  setting.pass(1_200);
  await setting.excess();
  setting.pass(3_600);
  await setting.ask('add', { subject, seconds: 60, scope: 'writes' });
  await setting.excess({ subject: `${syntheticSubjectPrefix}1` });
  const { hours } = await setting.ask('figures', { hours: 24 });
  expect(hours.map((one) => one.hour)).toEqual(
    Array.from({ length: 24 }, (_, index) => hour + 1 - 23 + index),
  );
  expect(hours.slice(-3)).toEqual([
    { hour: hour - 1, subjectsSuspended: 0, subjectsSimulated: 0, requestsPrevented: 5 },
    { hour, subjectsSuspended: 1, subjectsSimulated: 0, requestsPrevented: 40 },
    { hour: hour + 1, subjectsSuspended: 1, subjectsSimulated: 0, requestsPrevented: 0 },
  ]);
  setting.pass(24 * 3_600);
  const later = await setting.ask('figures', { hours: 24 });
  expect(later.hours.every(({ requestsPrevented }) => requestsPrevented === 0)).toBe(true);
});

test('what guards counted in the last seconds of an hour is in a metric of that hour', async () => {
  const hour = Math.floor(setting.nowMs / 3_600_000);
  await setting.ask('sweep');
  setting.pass(3_600);
  await setting.redis.hset(`${setting.keys.refusedPrefix}${String(hour)}`, subject, 7);
  await setting.ask('sweep');
  const lines = setting.metrics.map((line) => JSON.parse(line) as { _aws: { Timestamp: number } });
  expect(lines.slice(1)).toMatchObject([
    { _aws: { Timestamp: (hour + 1) * 3_600_000 - 1 }, RequestsPrevented: 7 },
    { _aws: { Timestamp: setting.nowMs }, RequestsPrevented: 0, ActiveSuspensions: 0 },
  ]);
});

test('whom a person suspends is told until when, and no figures that nobody measured', async () => {
  await setting.ask('add', { subject, seconds: 60, scope: 'writes' });
  const guard = createGuard({
    redis: redisProcess.url,
    store: setting.name,
    now: () => setting.nowMs,
    onEvent: () => undefined,
  });
  try {
    await guard.start();
    const verdict = guard.check(subject);
    if (verdict.allowed) throw new Error('the subject is let through');
    expect(JSON.parse(problemFor(verdict).body)).toMatchObject({
      detail: 'Writes of app_1 are refused for 60 more seconds.',
      reason: { detection: '(by hand)' },
    });
  } finally {
    await guard.stop();
  }
});

describe('what is only simulated', () => {
  test('is listed and written down, and reaches no guard, neither by push nor by reading', async () => {
    await setting.ask('apply-policy', { policy: { ...defaultPolicy, mode: 'simulate' } });
    await setting.excess({ subject: 'before' });
    const guards: Guard[] = [];
    const options = {
      redis: redisProcess.url,
      store: setting.name,
      now: () => setting.nowMs,
      onEvent: () => undefined,
    };
    const guard = createGuard(options);
    guards.push(guard);
    try {
      await guard.start();
      await eventually('pushes', () => guard.state().push);
      expect(await setting.excess()).toMatchObject({ kind: 'suspended', simulated: true, offences: 1 });
      // What is pushed after it has come through, so the simulated one would have, too.
      await setting.ask('add', { subject: 'by-hand', seconds: 60, scope: 'writes' });
      await eventually('the change that follows', () => !guard.check('by-hand').allowed);
      expect(guard.check(subject).allowed).toBe(true);
      expect(guard.state().size).toBe(1);
      const late = createGuard(options);
      guards.push(late);
      await late.start();
      expect(late.state().size).toBe(1);
      const { suspensions } = await setting.ask('list', { simulated: true, limit: 10 });
      expect(suspensions.map((one) => one.subject).sort()).toEqual(['app_1', 'before']);
      // It counts apart.
      const { hours } = await setting.ask('figures', { hours: 1 });
      expect(hours).toMatchObject([{ subjectsSuspended: 1, subjectsSimulated: 2 }]);
    } finally {
      await Promise.all(guards.map((each) => each.stop()));
    }
  });

  test('has keys that nothing a guard is made of can name', () => {
    const sources: string[] = [];
    const collect = (file: string): void => {
      if (sources.includes(file)) return;
      sources.push(file);
      for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
        const target = join(file, '..', from);
        collect([`${target}.ts`, join(target, 'index.ts')].find((path) => isFile(path)) ?? target);
      }
    };
    collect(join(__dirname, '../../../guard/index.ts'));
    expect(sources.length).toBeGreaterThan(10);
    for (const file of sources) expect(readFileSync(file, 'utf8')).not.toMatch(/simulated:/);
  });
});

function isFile(path: string): boolean {
  try {
    return readdirSync(join(path, '..')).includes(path.split('/').at(-1) ?? '');
  } catch {
    return false;
  }
}

test('what is no request is refused with the field that is wrong', async () => {
  const operator = createHandler(setting.environment, () => undefined);
  try {
    const lift = { action: 'lift', id: '1', subject };
    await expect(operator({ version: 1, who: 'me', ask: lift })).rejects.toThrow('ask.reason');
    await expect(operator({ version: 1, who: 'me', ask: { action: 'flushall' } })).rejects.toThrow(
      'ask.action',
    );
  } finally {
    await operator.close();
  }
});
