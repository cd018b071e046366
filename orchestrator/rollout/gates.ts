import type { JobHealth } from '../service/flink-job';
import type { ExcessComparison } from './rolling';

/** One condition of a healthy application, and how it stands. */
export interface Gate {
  name: 'running' | 'no restarts' | 'checkpoint done' | 'reading' | 'records' | 'lag' | 'excesses';
  holds: boolean;
  /** How it stands, for people. */
  detail: string;
}

/** What more is wanted of it than health. */
export interface GateWishes {
  /** The most that it may be behind the stream's tip. */
  lagSeconds?: number | undefined;
  /** How its excesses compare with the old one's. */
  excesses?: ExcessComparison | undefined;
}

/**
 * The gates of a started application. RUNNING alone says nothing (an application in a restart loop is RUNNING),
 * so they ask Flink itself. Pure.
 */
export function gatesOf(status: string, job: JobHealth | undefined, wishes: GateWishes = {}): Gate[] {
  const { state, tasks, restarts, checkpoints, sources, records } = job ?? NO_JOB;
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
    {
      // A quiet stream has none, and that is no fault of the release.
      name: 'records',
      holds: job !== undefined && (records.in === 0 || records.out > 0),
      detail: `${records.in} from the sources, ${records.out} taken by what follows`,
    },
    ...(wishes.lagSeconds === undefined ? [] : [lagGate(sources.behindMs, wishes.lagSeconds)]),
    ...(wishes.excesses === undefined ? [] : [{ name: 'excesses' as const, ...wishes.excesses }]),
  ];
}

/** A source of a kind that does not measure how far behind it is has nothing to catch up with. */
function lagGate(behindMs: number | undefined, lagSeconds: number): Gate {
  return {
    name: 'lag',
    holds: behindMs === undefined || behindMs <= lagSeconds * 1_000,
    detail: `${behindMs === undefined ? 'not measured' : `${(behindMs / 1_000).toFixed(1)} s`}, at most ${lagSeconds} s wanted`,
  };
}

const NO_JOB: Omit<JobHealth, 'jobId' | 'lastFailure'> = {
  state: 'not there',
  tasks: { running: 0, total: 0 },
  restarts: 0,
  checkpoints: { completed: 0, failed: 0 },
  sources: { total: 0, reading: 0, behindMs: undefined },
  records: { in: 0, out: 0 },
};

function behind(behindMs: number | undefined): string {
  return behindMs === undefined ? '' : `, at most ${(behindMs / 1000).toFixed(1)} s behind`;
}
