import type { Plan, Step } from '../../../orchestrator/plan/plan';

/**
 * Walks a plan's steps as the service would, and answers what is out of order. Written from what each step needs,
 * not from how the planner puts them.
 */
export function stepOrderProblems(
  plan: Plan,
  running: ReadonlySet<string>,
  there: ReadonlySet<string>,
): string[] {
  const runs = new Set(running);
  const exists = new Set(there);
  const done: Step[] = [];
  const problems: string[] = [];
  const needs = (holds: boolean, what: string, step: Step): void => {
    if (!holds) problems.push(`${step.kind}: ${what}`);
  };
  const has = (kind: Step['kind'], application?: string): boolean =>
    done.some(
      (one) =>
        one.kind === kind &&
        (application === undefined || ('application' in one && one.application === application)),
    );
  for (const step of plan.steps) {
    switch (step.kind) {
      case 'upload':
        needs(
          done.every(({ kind }) => kind === 'tag'),
          'comes first',
          step,
        );
        break;
      case 'create':
        needs(!exists.has(step.application), 'is there already', step);
        needs(!step.rolloutParameters || has('measure'), 'its start is not measured', step);
        exists.add(step.application);
        break;
      case 'tag':
        needs(exists.has(step.application), 'is not there', step);
        break;
      case 'snapshot':
        needs(runs.has(step.application), 'does not run', step);
        break;
      case 'register':
        needs(
          !has('start') && !done.some((one) => one.kind === 'update' && one.of === 'running'),
          'too late',
          step,
        );
        break;
      case 'measure':
        needs(runs.has(step.application) !== (step.finishedUntil !== undefined), 'cannot be asked', step);
        break;
      case 'stop':
        needs(runs.has(step.application), 'does not run', step);
        runs.delete(step.application);
        break;
      case 'update':
        needs(runs.has(step.application) === (step.of === 'running'), `is not ${step.of}`, step);
        needs(step.of === 'stopped' || has('snapshot', step.application), 'no way back', step);
        needs(!step.rolloutParameters || has('measure'), 'its start is not measured', step);
        break;
      case 'start':
        needs(exists.has(step.application) && !runs.has(step.application), 'cannot start', step);
        runs.add(step.application);
        break;
      case 'gates':
        needs(runs.has(step.application), 'does not run', step);
        break;
      case 'switch':
        needs(
          has('gates') && done.some((one) => one.kind === 'register' && one.shadow),
          'nothing waits',
          step,
        );
        break;
      case 'await-cutover':
        needs(has('switch') && runs.has(step.old) && runs.has(step.new), 'not both run', step);
        break;
      case 'delete':
        needs(!runs.has(step.application), 'still runs', step);
        break;
    }
    done.push(step);
  }
  if (plan.rollout !== 'none' && plan.rollout !== 'settings' && !runs.has(liveAfter(plan))) {
    problems.push('the live application does not run at the end');
  }
  const order = done.map(({ kind }) => kind);
  const lastChange = Math.max(order.lastIndexOf('start'), order.lastIndexOf('update'));
  if (order.lastIndexOf('gates') < lastChange) problems.push('no gates at the end');
  return problems;
}

function liveAfter(plan: Plan): string {
  const handed = plan.steps.find((step) => step.kind === 'await-cutover');
  return handed === undefined ? plan.serviceName : handed.new;
}
