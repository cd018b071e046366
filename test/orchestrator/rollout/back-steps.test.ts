import { backSteps } from '../../../orchestrator/rollout/back-steps';
import { handoverSteps, planWith, replaySteps, restartSteps } from './plans';

const kinds = (steps: Parameters<typeof planWith>[0], reached: number): string[] =>
  backSteps(planWith(steps), reached).map(({ kind }) => kind);

test('what has changed nothing that runs needs no way back', () => {
  expect(kinds(replaySteps, 1)).toEqual([]);
});

test('a restart is undone from its last step to its first', () => {
  expect(kinds(restartSteps, 4)).toEqual(['halt', 'restore', 'resume', 'forget', 'gates']);
  expect(kinds(restartSteps, 2)).toEqual(['forget']);
});

test('a replay that was stopped in its middle starts again what it stopped', () => {
  expect(kinds(replaySteps, 3)).toEqual(['resume', 'forget', 'gates']);
  expect(kinds(replaySteps, 6)).toEqual(['halt', 'restore', 'resume', 'forget', 'gates']);
});

test('a handover hears the old one again before it stops the new one, and forgets once', () => {
  expect(kinds(handoverSteps, 9)).toEqual(['resume', 'forget', 'halt', 'halt', 'remove', 'gates']);
  expect(kinds(handoverSteps, 5)).toEqual(['halt', 'forget', 'halt', 'remove']);
});
