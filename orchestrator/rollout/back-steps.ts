import type { Plan, Step } from '../plan/plan';
import type { ApplicationSettings } from '../service/application';

/** One action of taking a rollout back. `application` is the name in the service. */
export type BackStep =
  /** Stops by force what the rollout started. */
  | { kind: 'halt'; application: string }
  /** Deletes what the rollout created. */
  | { kind: 'remove'; application: string }
  /** Gives the application its settings of before. */
  | { kind: 'restore'; application: string; settings: ApplicationSettings }
  /** Starts it from the snapshot of before. */
  | { kind: 'resume'; application: string }
  /** Hears the old generation as before; what it said unheard since is put to the excess stream again. */
  | { kind: 'forget'; generation: number }
  | { kind: 'gates'; application: string; limitSeconds: number };

/** How long what ran before has to become healthy again. */
const GATES_LIMIT_SECONDS = 300;

/**
 * What undoes the steps of a plan up to the one that was reached, the last first. Pure.
 *
 * @param reached the index of the step that failed or was under way; it counts as done, because it may be
 */
export function backSteps(plan: Plan, reached: number): BackStep[] {
  const back = plan.steps
    .slice(0, reached + 1)
    .reverse()
    .flatMap((step) => reverseOf(step, plan))
    // A generation is forgotten once, also where it was written down first and heard later.
    .filter((step, index, all) => step.kind !== 'forget' || all.findIndex(isForget) === index);
  const resumed = back.find((step) => step.kind === 'resume');
  if (resumed === undefined) return back;
  const { application } = resumed;
  return [...back, { kind: 'gates', application, limitSeconds: GATES_LIMIT_SECONDS }];
}

function isForget({ kind }: BackStep): boolean {
  return kind === 'forget';
}

function reverseOf(step: Step, plan: Plan): BackStep[] {
  switch (step.kind) {
    case 'create':
      return [
        { kind: 'halt', application: step.application },
        { kind: 'remove', application: step.application },
      ];
    case 'register':
    case 'switch':
      return [{ kind: 'forget', generation: step.generation }];
    case 'stop':
      return step.application === plan.serviceName ? [{ kind: 'resume', application: step.application }] : [];
    case 'update':
      return reverseOfUpdate(step, plan);
    case 'start':
      return [{ kind: 'halt', application: step.application }];
    // They change nothing that runs: a release or a snapshot too many, a look, a tag.
    case 'upload':
    case 'tag':
    case 'snapshot':
    case 'measure':
    case 'gates':
    case 'await-cutover':
      return [];
    // It comes last, and nothing brings it back.
    case 'delete':
      return [];
    default:
      return step satisfies never;
  }
}

/** The free slot stays as it is: it does not run, and the next rollout that needs it sets it anew. */
function reverseOfUpdate({ application, of }: Step & { kind: 'update' }, plan: Plan): BackStep[] {
  if (plan.observed === null || application !== plan.serviceName) return [];
  const restore: BackStep = { kind: 'restore', application, settings: plan.observed.settings };
  if (of === 'stopped') return [restore];
  return [{ kind: 'halt', application }, restore, { kind: 'resume', application }];
}
