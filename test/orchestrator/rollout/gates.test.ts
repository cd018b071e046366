import { gatesOf } from '../../../orchestrator/rollout/gates';
import type { JobHealth } from '../../../orchestrator/service/flink-job';

const healthy: JobHealth = {
  jobId: 'a',
  state: 'RUNNING',
  tasks: { running: 4, total: 4 },
  restarts: 0,
  lastFailure: undefined,
  checkpoints: { completed: 1, failed: 0 },
  sources: { total: 1, reading: 1, behindMs: 1200 },
};

function failing(status: string, job: JobHealth | undefined): string[] {
  return gatesOf(status, job)
    .filter(({ holds }) => !holds)
    .map(({ name }) => name);
}

test('a job that runs, reads and has made a checkpoint holds every gate', () => {
  expect(failing('RUNNING', healthy)).toEqual([]);
});

test('without a job no gate holds', () => {
  expect(failing('RUNNING', undefined)).toEqual(['running', 'no restarts', 'checkpoint done', 'reading']);
});

test('a restart loop is RUNNING for the service and fails here', () => {
  const job = { ...healthy, state: 'RESTARTING', restarts: 2, lastFailure: 'no such stream' };
  expect(failing('RUNNING', job)).toEqual(['running', 'no restarts']);
  expect(gatesOf('RUNNING', job)[1]?.detail).toBe('restarted 2 times: no such stream');
});

test('one task that does not run yet is enough to wait', () => {
  expect(failing('RUNNING', { ...healthy, tasks: { running: 3, total: 4 } })).toEqual(['running']);
});

test('one source of two that does not read is enough to wait', () => {
  const sources = { total: 2, reading: 1, behindMs: undefined };
  expect(failing('RUNNING', { ...healthy, sources })).toEqual(['reading']);
});
