import type { Lock, RolloutRecord } from '../../../orchestrator/service/control';
import {
  application,
  codes,
  historyEntry,
  limitVerdict,
  now,
  operation,
  planned,
  settings,
  snapshot,
} from './world';

const limit = { set: { limit: '5' }, verdicts: [limitVerdict] };
const interrupted: RolloutRecord = {
  plan: planned(limit),
  startedAt: new Date('2026-11-20T11:00:00Z'),
  startedBy: 'ada',
  direction: 'forward',
  step: 2,
  facts: {},
};
const held: Lock = {
  ...{ holder: 'grace', purpose: 'apply of heat', token: 't', since: new Date('2026-11-20T11:59:30Z') },
  until: new Date(now.getTime() + 30_000),
};

test('an application that runs as it should has no notices', () => {
  expect(planned({ history: [historyEntry({ settings: application() })] }).notices).toEqual([]);
});

test('what was changed in the console is named, with who changed it last before', () => {
  const live = application({
    version: 9,
    parallelism: 8,
    parameters: { ...settings.parameters, limit: '7' },
  });
  const plan = planned({ observed: { live }, history: [historyEntry({ settings })] });
  expect(plan.notices).toMatchObject([{ code: 'drift' }]);
  const message = plan.notices[0]?.message ?? '';
  expect(message).toContain('since ada changed it last (apply of 2026-11-19T00:00:00Z): parallelism 2 -> 8');
  expect(message).toContain('parameter limit 60000 -> 7');
});

test('a version that no history knows is drift, although nothing can be named', () => {
  const plan = planned({ observed: { live: application({ version: 9 }) }, history: [historyEntry()] });
  expect(plan.notices[0]?.message).toContain('it is at version 9, not 7');
});

test('a stopped application, and one whose last operation failed', () => {
  const failed = operation({ status: 'FAILED' });
  const plan = planned({ observed: { live: application({ status: 'READY' }), operations: [failed] } });
  expect(codes(plan)).toEqual(['operation-failed', 'application-stopped']);
});

test.each([
  ['UPDATING', 'application-busy'],
  ['AUTOSCALING', 'application-busy'],
  ['STOPPING', 'application-busy'],
  ['MAINTENANCE', 'maintenance'],
] as const)('%s is told', (status, code) => {
  expect(codes(planned({ observed: { live: application({ status }) } }))).toEqual([code]);
});

test('a job in a restart loop is RUNNING for the service', () => {
  expect(codes(planned({ observed: { jobState: 'RESTARTING' } }))).toEqual(['job-failing']);
});

test('snapshots near their limit', () => {
  const snapshots = Array.from({ length: 950 }, (_, n) => snapshot({ name: `s${n}` }));
  expect(planned({ observed: { snapshots } }).notices).toMatchObject([{ code: 'snapshots-near-limit' }]);
});

test('a release that spillway did not make', () => {
  const live = application({ codeKey: 'mine.jar' });
  expect(codes(planned({ observed: { live, deployed: undefined } }))).toEqual(['release-unknown']);
});

test('a rollout that was cut off is finished by the next apply where the same is wanted', () => {
  const plan = planned({ ...limit, rollout: interrupted });
  expect(plan.notices).toEqual([
    {
      code: 'rollout-interrupted',
      message:
        'a rollout by ada from 2026-11-20T11:00:00Z stopped before step 3 of 4 (update): the next apply finishes it',
    },
  ]);
});

test('a rollout that was cut off is taken back where something else is wanted', () => {
  const [notice] = planned({ set: { limit: '9' }, verdicts: [limitVerdict], rollout: interrupted }).notices;
  expect(notice?.message).toContain('the next apply takes it back, then plans anew');
});

test('a rollout that is under way is told with who holds the lock, and a lock that ended is not', () => {
  expect(planned({ lock: held, rollout: interrupted }).notices).toMatchObject([
    { code: 'rollout-under-way', message: expect.stringContaining('grace holds the lock') as string },
  ]);
  expect(codes(planned({ lock: { ...held, until: now } }))).toEqual([]);
});

test('a stream that keeps less than a replay needs is told before one is needed', () => {
  expect(codes(planned({ usageRetentionSeconds: 200 }))).toEqual(['retention-short']);
});

test('a snapshot older than what the stream keeps leaves a gap on start', () => {
  const live = application({ status: 'READY' });
  const old = snapshot({ createdAt: new Date('2026-11-18T12:00:00Z') });
  expect(codes(planned({ observed: { live, snapshots: [old] } }))).toEqual(['application-stopped', 'gap']);
});
