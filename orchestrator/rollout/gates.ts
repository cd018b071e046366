import type { JobHealth } from '../service/flink-job';

/** One condition of a healthy application, and how it stands. */
export interface Gate {
  name: 'running' | 'no restarts' | 'checkpoint done' | 'reading';
  holds: boolean;
  /** How it stands, for people. */
  detail: string;
}

/**
 * The gates of a started application. RUNNING alone says nothing (an application in a restart loop is RUNNING),
 * so they ask Flink itself. Pure.
 */
export function gatesOf(status: string, job: JobHealth | undefined): Gate[] {
  const { state, tasks, restarts, checkpoints, sources } = job ?? NO_JOB;
  const running = status === 'RUNNING' && state === 'RUNNING' && tasks.total > 0;
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  return [
    {
      name: 'running',
      holds: running && tasks.running === tasks.total,
      detail: `application ${status}, job ${state}, ${tasks.running} of ${tasks.total} tasks run`,
    },
    {
      name: 'no restarts',
      holds: job !== undefined && restarts === 0,
      detail: restarts === 0 ? 'none' : `restarted ${times}: ${job?.lastFailure ?? 'no reason given'}`,
    },
    {
      name: 'checkpoint done',
      holds: checkpoints.completed > 0,
      detail: `${checkpoints.completed} completed, ${checkpoints.failed} failed`,
    },
    {
      name: 'reading',
      holds: sources.total > 0 && sources.reading === sources.total,
      detail: `${sources.reading} of ${sources.total} sources read${behind(sources.behindMs)}`,
    },
  ];
}

const NO_JOB: Omit<JobHealth, 'jobId' | 'lastFailure'> = {
  state: 'not there',
  tasks: { running: 0, total: 0 },
  restarts: 0,
  checkpoints: { completed: 0, failed: 0 },
  sources: { total: 0, reading: 0, behindMs: undefined },
};

function behind(behindMs: number | undefined): string {
  return behindMs === undefined ? '' : `, at most ${(behindMs / 1000).toFixed(1)} s behind`;
}
