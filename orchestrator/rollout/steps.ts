import type { ApplicationStatus, ObservedApplication } from '../service/application';
import type { Desired } from './desired';
import { type Difference, differences } from './differences';

/** One action of a rollout. */
export type Step =
  { kind: 'upload' } | { kind: 'create' } | { kind: 'stop' } | { kind: 'update' } | { kind: 'start' };

/** What an apply does: nothing, or the steps and why. */
export interface Rollout {
  differences: Difference[];
  /** In their order; empty where everything is as wanted and runs. */
  steps: Step[];
}

/** Statuses in which an application stays until someone does something. */
export const SETTLED: readonly ApplicationStatus[] = ['READY', 'RUNNING', 'ROLLED_BACK'];

/**
 * The steps from what is to what is wanted. Pure.
 *
 * Nothing here carries state into another version: Flink restores state into a changed window without a word and
 * misreads it, and telling which changes it survives needs the compiled plans of both releases.
 */
export function rolloutSteps(observed: ObservedApplication | undefined, desired: Desired): Rollout {
  if (observed === undefined) {
    return { differences: [], steps: [{ kind: 'upload' }, { kind: 'create' }, { kind: 'start' }] };
  }
  const found = differences(observed, desired.settings);
  const running = observed.status === 'RUNNING';
  if (found.length === 0) return { differences: [], steps: running ? [] : [{ kind: 'start' }] };
  return {
    differences: found,
    steps: [
      { kind: 'upload' },
      ...(running ? [{ kind: 'stop' } as const] : []),
      { kind: 'update' },
      { kind: 'start' },
    ],
  };
}
