import fc from 'fast-check';
import { willRun } from '../../../orchestrator/plan/stopped-state';
import type { PlanInput } from '../../../orchestrator/plan/plan-input';
import { makePlan } from '../../../orchestrator/plan/make-plan';
import { plan as planSchema } from '../../../orchestrator/plan/plan';
import { UserFault } from '../../../orchestrator/user-fault';
import { stepOrderProblems } from './step-order';
import {
  application,
  files,
  historyEntry,
  input,
  limitVerdict,
  operation,
  settings,
  snapshot,
  windowVerdict,
} from './world';

const statuses = ['READY', 'RUNNING', 'UPDATING', 'STOPPING', 'MAINTENANCE', 'ROLLED_BACK'] as const;
const { window, limit } = settings.parameters;

/** Any world that the planner may meet. */
const worlds: fc.Arbitrary<PlanInput> = fc
  .record({
    live: fc.option(fc.constantFrom(...statuses), { nil: undefined }),
    free: fc.option(fc.constantFrom('READY' as const, 'RUNNING' as const), { nil: undefined }),
    slot: fc.constantFrom('blue' as const, 'green' as const),
    known: fc.boolean(),
    set: fc.constantFrom({}, { limit: '5' }, { window: '5m' }, { window: '1m', limit: '7' }),
    verdicts: fc.constantFrom([], [limitVerdict], [windowVerdict], [limitVerdict, windowVerdict]),
    told: fc.boolean(),
    edited: fc.boolean(),
    deployed: fc.boolean(),
    snapshots: fc.constantFrom(
      [],
      [snapshot()],
      [snapshot({ version: 6 })],
      [snapshot({ status: 'FAILED' })],
    ),
    started: fc.boolean(),
    tags: fc.constantFrom({}, { team: 'writes' }),
    retention: fc.constantFrom(86_400, 86_400, 300),
    rollout: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...(['settings', 'restart', 'replay', 'handover'] as const)) },
    ),
    shadow: fc.constantFrom(false, false, false, true),
    acceptGap: fc.boolean(),
    maxPauseSeconds: fc.constantFrom(undefined, undefined, 0, 60),
  })
  .map((w) => {
    const wanted = input({
      set: w.set,
      wanted: { files: w.edited ? new Map(files).set('detections/new.sql', 'x') : files },
    }).wanted;
    const untold = {
      window: wanted.settings.parameters['window'] ?? '',
      limit: wanted.settings.parameters['limit'] ?? '',
    };
    const name = (slot: 'blue' | 'green'): string => `spillway-prod-heat${slot === 'green' ? '-green' : ''}`;
    const other = w.slot === 'blue' ? 'green' : 'blue';
    const parameters = w.told ? application().parameters : { window: window ?? '', limit: limit ?? '' };
    return input({
      generations: {
        generations: w.known || w.slot === 'green' ? [{ generation: 3, from: 0, slot: w.slot }] : [],
        revision: 1,
      },
      verdicts: w.verdicts,
      usageRetentionSeconds: w.retention,
      history: w.started ? [historyEntry({ at: new Date('2026-11-20T11:00:00Z') })] : [],
      options: {
        rollout: w.rollout,
        shadow: w.shadow,
        acceptGap: w.acceptGap,
        maxPauseSeconds: w.maxPauseSeconds,
      },
      wanted: {
        ...wanted,
        tags: w.tags,
        settings: w.told ? wanted.settings : { ...wanted.settings, parameters: untold },
      },
      observed: {
        live: w.live && application({ status: w.live, name: name(w.slot), parameters }),
        free: w.free && application({ status: w.free, name: name(other) }),
        snapshots: w.snapshots,
        operations: w.started ? [operation()] : [],
        deployed: w.deployed ? { files, sql: undefined, changedCode: [] } : undefined,
      },
    });
  });

function planOrRefusal(world: PlanInput): ReturnType<typeof makePlan> | undefined {
  try {
    return makePlan(world);
  } catch (fault) {
    if (fault instanceof UserFault) return undefined;
    throw fault;
  }
}

test('the steps of every plan are in a legal order, and the application runs at their end', () => {
  let plans = 0;
  fc.assert(
    fc.property(worlds, (world) => {
      const plan = planOrRefusal(world);
      if (plan === undefined) return;
      plans++;
      const { live, free } = world.observed;
      const apps = [live, free].flatMap((one) => one ?? []);
      const running = new Set(apps.filter(({ status }) => willRun(status)).map(({ name }) => name));
      expect(stepOrderProblems(plan, running, new Set(apps.map(({ name }) => name)))).toEqual([]);
      expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    }),
    { numRuns: 1000 },
  );
  // Else the worlds are ones that are only refused.
  expect(plans).toBeGreaterThan(300);
});

test('no plan carries state that is of another version, or into an incompatible change', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const plan = planOrRefusal(world);
      if (plan?.verdict !== 'incompatible' || world.observed.live === undefined) return;
      const ran =
        plan.changes.some(({ code }) => code.startsWith('state-')) ||
        world.observed.live.status === 'RUNNING';
      const carries = plan.steps.some(
        (step) =>
          (step.kind === 'start' && step.state === 'latest') ||
          (step.kind === 'update' && step.of === 'running'),
      );
      expect(ran && carries).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test('the same input makes the same plan', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      expect(planOrRefusal(world)).toEqual(planOrRefusal(world));
    }),
    { numRuns: 200 },
  );
});
