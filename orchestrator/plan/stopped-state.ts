import type { ApplicationStatus, Snapshot } from '../service/application';
import type { PlanInput } from './plan-input';

/** What a stopped application can be started from. */
export type StoppedState =
  | { kind: 'running' }
  | { kind: 'never ran' }
  | { kind: 'of this version'; snapshot: Snapshot }
  | { kind: 'of another version'; snapshot: Snapshot }
  | { kind: 'none' };

const RUNS: readonly ApplicationStatus[] = [
  ...(['RUNNING', 'STARTING', 'UPDATING', 'AUTOSCALING', 'ROLLING_BACK', 'MAINTENANCE'] as const),
];

/** Whether it runs, or will once the service has ended what it does. */
export function willRun(status: ApplicationStatus): boolean {
  return RUNS.includes(status);
}

/** Pure. */
export function stoppedState({ observed, generations, history }: PlanInput): StoppedState {
  const { live, snapshots, operations } = observed;
  if (live === undefined) return { kind: 'never ran' };
  if (willRun(live.status)) return { kind: 'running' };
  const snapshot = snapshots.find(({ status }) => status === 'READY');
  if (snapshot !== undefined) {
    const kind = snapshot.version === live.version ? 'of this version' : 'of another version';
    return { kind, snapshot };
  }
  const started = operations.some(({ kind, status }) => kind === 'StartApplication' && status !== 'FAILED');
  return { kind: started || history.length > 0 || generations.generations.length > 1 ? 'none' : 'never ran' };
}

/**
 * The epoch second up to which a stopped job is taken to have finished: that of its snapshot (taken to be made at the
 * stream's tip), else the latest of what is proven: a rollout whose gates held, a cutover, its creation.
 */
export function finishedUntil(input: PlanInput, state: StoppedState): { second: number; assumed: string } {
  const { observed, history, generations, now } = input;
  if (state.kind === 'of this version' || state.kind === 'of another version') {
    const { name, createdAt } = state.snapshot;
    return { second: seconds(createdAt), assumed: `its snapshot ${name} was made at the stream's tip` };
  }
  const done = history.find(({ outcome }) => outcome === 'done')?.at;
  const proven = [
    ...(done === undefined ? [] : [{ second: seconds(done), of: 'its last rollout' }]),
    { second: generations.generations.at(-1)?.from ?? 0, of: 'its cutover' },
    { second: seconds(observed.live?.createdAt ?? now), of: 'its creation' },
  ];
  const { second, of } = proven.reduce((latest, one) => (one.second > latest.second ? one : latest));
  return { second, assumed: `it has no snapshot, and nothing is proven since ${of}` };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
