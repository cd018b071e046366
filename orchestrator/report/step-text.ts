import type { Step } from '../plan/plan';

/** What a step does, for people, who know one application and no slots. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case 'upload':
      return 'put the release into the code bucket';
    case 'create':
      return 'create the application';
    case 'tag':
      return 'set tags';
    case 'snapshot':
      return 'take a snapshot to go back to';
    case 'register':
      return step.shadow
        ? `write generation ${step.generation} down, not heard yet`
        : `write generation ${step.generation} down`;
    case 'measure':
      return 'read up to which second the running job has finished';
    case 'stop':
      return 'stop the running job with a snapshot';
    case 'update':
      return step.of === 'running'
        ? 'update what runs and carry its state over'
        : 'change the settings of what is stopped';
    case 'start':
      return step.state === 'none' ? 'start with an empty state' : 'start from the latest snapshot';
    case 'gates':
      return `wait until it is healthy, at most ${step.limitSeconds} s`;
    case 'switch':
      return `hear generation ${step.generation} in place of the one before, ${step.leadSeconds} s from then on`;
    case 'await-cutover':
      return 'wait until both have finished the second of the switch';
    case 'delete':
      return 'delete the application that is no longer needed';
    default:
      return step satisfies never;
  }
}
