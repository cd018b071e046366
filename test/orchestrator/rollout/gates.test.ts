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
  records: { in: 40, out: 40 },
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
  expect(failing('RUNNING', undefined)).toEqual([
    ...['running', 'no restarts', 'checkpoint done', 'reading', 'records'],
  ]);
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

test('what the sources give and nobody takes is enough to wait; a quiet stream is not', () => {
  expect(failing('RUNNING', { ...healthy, records: { in: 40, out: 0 } })).toEqual(['records']);
  expect(failing('RUNNING', { ...healthy, records: { in: 0, out: 0 } })).toEqual([]);
});

test('where lag matters, more than is wanted is enough to wait', () => {
  const lagging = gatesOf('RUNNING', healthy, { lagSeconds: 1 }).find(({ name }) => name === 'lag');
  expect(lagging).toMatchObject({ holds: false, detail: '1.2 s, at most 1 s wanted' });
  expect(gatesOf('RUNNING', healthy, { lagSeconds: 2 }).every(({ holds }) => holds)).toBe(true);
});

test('excesses that do not compare well are enough to wait', () => {
  const excesses = { holds: false, detail: '3 of 40 are missing' };
  expect(gatesOf('RUNNING', healthy, { excesses }).find(({ holds }) => !holds)).toMatchObject({
    name: 'excesses',
    detail: '3 of 40 are missing',
  });
});
