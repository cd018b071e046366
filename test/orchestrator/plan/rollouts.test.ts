import { UserFault } from '../../../orchestrator/user-fault';
import {
  application,
  historyEntry,
  kinds,
  limitVerdict,
  operation,
  planned,
  settings as bare,
  snapshot,
  windowVerdict,
} from './world';

const longer = { set: { window: '5m' }, verdicts: [windowVerdict] };
const limit = { set: { limit: '5' }, verdicts: [limitVerdict] };
const { window, limit: wantedLimit } = bare.parameters;
/** A definition that cannot be told where to begin. */
const untold = { settings: { ...bare, parameters: { window: '5m', limit: wantedLimit ?? '' } } };
const runsUntold = application({ parameters: { window: window ?? '', limit: wantedLimit ?? '' } });

test('what is not there is created, with the generation that comes next', () => {
  const plan = planned({
    observed: { live: undefined, deployed: undefined, snapshots: [], operations: [] },
    generations: { generations: [], revision: 0 },
  });
  expect(plan).toMatchObject({ rollout: 'create', generation: 1, previousGeneration: null, observed: null });
  expect(kinds(plan)).toEqual(['upload', 'create', 'register', 'start', 'gates']);
  expect(plan.steps[1]).toMatchObject({ settings: { parameters: { generation: '1', start: 'LATEST' } } });
});

test('what runs as wanted is left alone: what rollouts set is no difference', () => {
  const plan = planned();
  expect(plan).toMatchObject({ rollout: 'none', steps: [], changes: [], verdict: 'none', generation: 3 });
});

test('what is as wanted and stopped is started from its snapshot', () => {
  const plan = planned({ observed: { live: application({ status: 'READY' }) } });
  expect(plan).toMatchObject({ rollout: 'start', generation: 3 });
  expect(plan.steps[0]).toMatchObject({ kind: 'start', state: 'latest' });
});

test('what was created and never started is started with an empty state', () => {
  const plan = planned({
    observed: { live: application({ status: 'READY' }), snapshots: [], operations: [] },
    generations: { generations: [], revision: 0 },
  });
  expect(plan.steps[0]).toMatchObject({ kind: 'start', state: 'none' });
});

test('a tag needs no restart', () => {
  const plan = planned({ wanted: { tags: { team: 'writes' } } });
  expect(plan).toMatchObject({ rollout: 'settings', generation: 3, cost: { pauseSeconds: 0 } });
  expect(kinds(plan)).toEqual(['tag']);
});

test('a compatible change restarts with the state, its cutover and start as they are', () => {
  const plan = planned(limit);
  expect(plan).toMatchObject({ rollout: 'restart', generation: 4, alternatives: ['replay', 'handover'] });
  expect(kinds(plan)).toEqual(['register', 'snapshot', 'update', 'gates']);
  expect(plan.steps[2]).toMatchObject({
    of: 'running',
    rolloutParameters: false,
    settings: { parameters: { limit: '5', generation: '4', cutover: '1700000000' } },
  });
});

test('a compatible change of what is stopped starts it from its snapshot', () => {
  const plan = planned({ ...limit, observed: { live: application({ status: 'READY' }) } });
  expect(plan.rollout).toBe('restart');
  expect(kinds(plan)).toEqual(['register', 'update', 'start', 'gates']);
});

test('an incompatible change is replayed: the cheapest that misses nothing', () => {
  const plan = planned(longer);
  expect(plan).toMatchObject({ rollout: 'replay', verdict: 'incompatible', alternatives: ['handover'] });
  expect(kinds(plan)).toEqual(['measure', 'register', 'stop', 'update', 'start', 'gates']);
  // The longer of both windows, and the delay.
  expect(plan.steps[0]).toMatchObject({ lookBackSeconds: 305, marginSeconds: 60 });
  const update = plan.steps[3];
  expect(update).toMatchObject({ of: 'stopped', rolloutParameters: true });
  expect(update?.kind === 'update' && update.settings.parameters).toEqual({
    ...{ window: '5m', limit: '60000', delay: '5s', generation: '4' },
  });
});

test('a shorter window is replayed from as far back as the old one looked', () => {
  const plan = planned({ set: { window: '1m' }, verdicts: [windowVerdict] });
  expect(plan.steps[0]).toMatchObject({ lookBackSeconds: 125 });
});

test('a stopped application is replayed from where its snapshot was made', () => {
  const plan = planned({ ...longer, observed: { live: application({ status: 'READY' }) } });
  expect(plan).toMatchObject({
    rollout: 'replay',
    alternatives: [],
    cost: { replaySeconds: 600 + 305 + 120 },
  });
  expect(plan.steps[0]).toMatchObject({ finishedUntil: Date.parse('2026-11-20T11:50:00Z') / 1000 });
  expect(kinds(plan)).toEqual(['measure', 'register', 'update', 'start', 'gates']);
});

test('a snapshot of another version is never restored: it may be of other settings', () => {
  const plan = planned({
    observed: { live: application({ status: 'READY' }), snapshots: [snapshot({ version: 6 })] },
  });
  expect(plan).toMatchObject({ rollout: 'replay', changes: [{ code: 'state-of-another-version' }] });
});

test('what ran and has no snapshot is replayed from its last rollout', () => {
  const history = [historyEntry({ at: new Date('2026-11-20T09:00:00Z') })];
  const plan = planned({ history, observed: { live: application({ status: 'READY' }), snapshots: [] } });
  expect(plan).toMatchObject({ rollout: 'replay', changes: [{ code: 'state-absent' }] });
  expect(plan.steps[0]).toMatchObject({ finishedUntil: Date.parse('2026-11-20T09:00:00Z') / 1000 });
});

test('without parameters to begin by, an incompatible change drops state and says what is lost', () => {
  const plan = planned({
    ...{ wanted: untold, verdicts: [windowVerdict], observed: { live: runsUntold } },
  });
  expect(plan).toMatchObject({ rollout: 'replay', alternatives: [], notices: [{ code: 'state-lost' }] });
  expect(kinds(plan)).toEqual(['register', 'stop', 'update', 'start', 'gates']);
  expect(plan.steps[2]).toMatchObject({ rolloutParameters: false });
});

test('a handover warms a second application up in the free slot, and leaves the first one stopped', () => {
  const plan = planned({ ...longer, options: { rollout: 'handover' } });
  expect(plan).toMatchObject({ rollout: 'handover', alternatives: ['replay'], cost: { pauseSeconds: 0 } });
  expect(kinds(plan)).toEqual([
    ...['measure', 'create', 'register', 'start', 'gates', 'switch', 'await-cutover', 'gates', 'stop'],
  ]);
  expect(plan.steps[1]).toMatchObject({ application: 'spillway-prod-heat-green', rolloutParameters: true });
  expect(plan.steps[2]).toMatchObject({ generation: 4, slot: 'green', shadow: true });
  expect(plan.steps[4]).toMatchObject({ compareWith: 3 });
  expect(plan.steps[8]).toMatchObject({ application: 'spillway-prod-heat' });
});

test('a handover takes the slot that the last one left, from green to blue', () => {
  const plan = planned({
    ...longer,
    options: { rollout: 'handover' },
    generations: { generations: [{ generation: 3, from: 0, slot: 'green' }], revision: 1 },
    observed: { free: application({ status: 'READY' }) },
  });
  expect(plan).toMatchObject({ slot: 'green', serviceName: 'spillway-prod-heat-green' });
  expect(plan.steps[1]).toMatchObject({ kind: 'update', application: 'spillway-prod-heat', of: 'stopped' });
});

test('a shadow that runs in the free slot is stopped before a handover', () => {
  const plan = planned({
    ...longer,
    options: { rollout: 'handover' },
    generations: {
      generations: [
        { generation: 3, from: 0, slot: 'blue' },
        { generation: 4, from: 0, slot: 'green', shadow: true },
      ],
      revision: 1,
    },
    observed: { free: application({ status: 'RUNNING' }) },
  });
  expect(plan).toMatchObject({ generation: 5, previousGeneration: 3, notices: [{ code: 'runs-beside' }] });
  expect(plan.steps[0]).toMatchObject({ kind: 'stop', application: 'spillway-prod-heat-green' });
});

test('a shadow is never heard and takes nothing over', () => {
  const plan = planned({ ...longer, options: { shadow: true } });
  expect(plan).toMatchObject({ rollout: 'shadow', notices: [{ code: 'shadow-price' }] });
  expect(kinds(plan)).toEqual(['measure', 'create', 'register', 'start', 'gates']);
});

test.each([
  ['restart', longer, 'it would carry state that the new release misreads: parameter window is incompatible'],
  ['settings', limit, 'parameter limit needs a restart'],
  ['handover', { ...limit, observed: { live: application({ status: 'READY' }) } }, 'does not run'],
  ['handover', { wanted: untold, observed: { live: runsUntold } }, 'does not declare'],
  ['create', limit, 'it is not a rollout to ask for'],
] as const)('--rollout %s is refused where it is not safe', (rollout, given, reason) => {
  const asking = (): unknown => planned({ ...given, verdicts: [windowVerdict], options: { rollout } });
  expect(asking).toThrow(UserFault);
  expect(asking).toThrow(reason);
});

test('--rollout replay is allowed for a compatible change', () => {
  expect(planned({ ...limit, options: { rollout: 'replay' } })).toMatchObject({ rollout: 'replay' });
});

test('--max-pause takes the cheapest that pauses no longer', () => {
  expect(planned({ ...longer, options: { maxPauseSeconds: 5 } })).toMatchObject({ rollout: 'handover' });
  expect(planned({ ...limit, options: { maxPauseSeconds: 60 } })).toMatchObject({ rollout: 'restart' });
  const asked = { ...longer, options: { maxPauseSeconds: 5, rollout: 'replay' as const } };
  expect(() => planned(asked)).toThrow('replay pauses longer');
});

test('a window that the stream does not keep is refused, unless the gap is accepted', () => {
  const short = { ...longer, usageRetentionSeconds: 300 };
  expect(() => planned(short)).toThrow('has to read 425 s of usage again, but the stream keeps 300 s');
  expect(planned({ ...short, options: { acceptGap: true } }).notices).toMatchObject([{ code: 'gap' }]);
});

test('the pause is what the service took the last time', () => {
  const update = operation({ kind: 'UpdateApplication' });
  const plan = planned({ ...limit, observed: { operations: [update, operation()] } });
  expect(plan.cost).toEqual({ pauseSeconds: 20, replaySeconds: 0, extraUsd: 0 });
});

test('a handover costs a second application until it has caught up; a region without a price, nobody knows', () => {
  const handover = { ...longer, options: { rollout: 'handover' as const } };
  // 3 KPUs for 20 s to start and 425 s to read, at 0.11 an hour.
  expect(planned(handover).cost).toEqual({ pauseSeconds: 0, replaySeconds: 425, extraUsd: 0.041 });
  const environment = { name: 'prod', account: '000000000000', region: 'eu-west-3' };
  expect(planned({ ...handover, environment }).cost.extraUsd).toBeNull();
});

test('what is being deleted has no plan', () => {
  expect(() => planned({ observed: { live: application({ status: 'DELETING' }) } })).toThrow('being deleted');
});
