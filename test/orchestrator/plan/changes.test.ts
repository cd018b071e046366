import { maxParallelism } from '../../../orchestrator/plan/setting-changes';
import { application, files, kinds, limitVerdict, planned, settings, windowVerdict } from './world';

const burst = new Map(files).set('detections/burst.sql', 'SELECT ${window}');

test('each parameter says its verdict, reason and way back', () => {
  expect(planned({ set: { limit: '5' }, verdicts: [limitVerdict] }).changes).toEqual([
    {
      ...{ what: 'parameter limit', from: '60000', to: '5', verdict: 'compatible' },
      ...{ code: 'condition-after-state', reason: 'a condition after the last state' },
      reverse: 'set it to 60000 again and apply',
    },
  ]);
});

test('two parameters of one detection share its verdict, and each names the other', () => {
  const { changes } = planned({ set: { limit: '5', window: '5m' }, verdicts: [limitVerdict, windowVerdict] });
  expect(changes).toMatchObject([
    {
      what: 'parameter limit',
      code: 'over-longer',
      reason: expect.stringContaining('together with parameter window') as string,
    },
    { what: 'parameter window', code: 'over-longer' },
  ]);
});

test('a verdict on one detection is not blamed on a parameter of another', () => {
  const both = new Map(files).set('detections/burst.sql', 'SELECT ${burst}');
  const parameters = { ...settings.parameters, burst: '10s' };
  const { changes } = planned({
    wanted: {
      files: both,
      settings: { ...settings, parameters: { ...parameters, limit: '5', burst: '20s' } },
    },
    observed: {
      live: application({ parameters }),
      deployed: { files: both, sql: undefined, changedCode: [] },
    },
    verdicts: [{ ...windowVerdict, detection: 'burst' }, limitVerdict],
  });
  expect(changes).toMatchObject([
    { what: 'parameter burst', verdict: 'incompatible' },
    { what: 'parameter limit', verdict: 'compatible' },
  ]);
});

test('an added detection would begin with an empty window', () => {
  const plan = planned({ wanted: { files: burst } });
  expect(plan).toMatchObject({
    rollout: 'replay',
    changes: [{ what: 'detection burst', code: 'detection-added' }],
  });
  expect(plan.changes[0]).not.toHaveProperty('from');
  expect(kinds(plan)[0]).toBe('upload');
});

test('a removed detection leaves state without a place', () => {
  const plan = planned({ observed: { deployed: { files: burst, sql: undefined, changedCode: [] } } });
  expect(plan).toMatchObject({ rollout: 'replay', changes: [{ code: 'detection-removed' }] });
});

test('a comment in a detection plans the same job', () => {
  const commented = new Map(files).set('detections/heat.sql', '-- Why.');
  const plan = planned({ wanted: { files: commented } });
  expect(plan).toMatchObject({
    rollout: 'restart',
    changes: [{ what: 'detection heat', code: 'same-plan' }],
  });
});

test('a changed table is judged by what it does to any detection', () => {
  const table = new Map(files).set('tables/usage.sql', 'CREATE TABLE other');
  const plan = planned({ wanted: { files: table }, verdicts: [windowVerdict] });
  expect(plan.changes).toMatchObject([{ what: 'table usage', code: 'over-longer' }]);
});

test('code that may keep state is incompatible, the runner is not', () => {
  const changed = (changedCode: string[]): unknown =>
    planned({ observed: { deployed: { files, sql: undefined, changedCode } } }).changes[0];
  expect(changed(['spillway/runner/Main.class', 'spillway/kinesis/source/ShardSplit.class'])).toMatchObject({
    ...{ code: 'code-changed', verdict: 'incompatible' },
  });
  expect(changed(['spillway/runner/Main.class', 'META-INF/MANIFEST.MF'])).toMatchObject({
    ...{ code: 'runner-changed', verdict: 'compatible' },
  });
});

test('a difference of the plans that no file explains stands by itself', () => {
  const plan = planned({
    observed: { deployed: { files, sql: undefined, changedCode: ['x.class'] } },
    verdicts: [windowVerdict],
  });
  expect(plan.changes).toMatchObject([
    { what: 'plan node over-aggregate', code: 'over-longer' },
    { code: 'code-changed' },
  ]);
});

test('what cannot be read is incompatible as a whole', () => {
  const live = application({ codeKey: 'mine.jar', parameters: { ...settings.parameters, limit: '7' } });
  const plan = planned({ observed: { live, deployed: undefined } });
  expect(plan).toMatchObject({ verdict: 'incompatible', rollout: 'replay' });
  expect(plan.changes).toMatchObject([
    { what: 'release', code: 'release-unknown' },
    { what: 'parameter limit', code: 'release-unknown' },
  ]);
});

test.each([
  ['runtime', { runtime: 'FLINK-2_3' }, 'incompatible'],
  ['service role', { serviceRole: 'other' }, 'compatible'],
  ['parallelism', { parallelism: 64 }, 'compatible'],
  ['parallelism', { parallelism: 129 }, 'incompatible'],
  ['parallelism per KPU', { parallelismPerKpu: 2 }, 'compatible'],
  ['checkpoint interval, s', { checkpointIntervalSeconds: 60 }, 'compatible'],
] as const)('%s: %j is %s', (what, changed, verdict) => {
  expect(planned({ wanted: { settings: { ...settings, ...changed } } }).changes).toMatchObject([
    { what, verdict },
  ]);
});

test('the most tasks that a state can be spread over is what Flink chose for it', () => {
  expect([1, 85, 86, 171, 40_000].map(maxParallelism)).toEqual([128, 128, 256, 256, 32_768]);
});
