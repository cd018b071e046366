import type { BackStep } from '../rollout/back-steps';

/** What a step of taking back does, for people. */
export function backStepText(step: BackStep): string {
  switch (step.kind) {
    case 'halt':
      return 'stop the new job';
    case 'remove':
      return 'delete what was created';
    case 'restore':
      return 'set the settings of before';
    case 'resume':
      return 'start what ran before from its snapshot';
    case 'forget':
      return `hear generation ${step.generation} no more`;
    case 'gates':
      return 'wait until what ran before is healthy';
    default:
      return step satisfies never;
  }
}
