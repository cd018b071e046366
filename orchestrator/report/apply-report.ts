import type { Environment } from '../definition/environments';
import type { Desired } from '../rollout/desired';
import type { Difference } from '../rollout/differences';
import type { JobHealth } from '../service/flink-job';
import { pairs } from './table';

/** What an apply did. */
export interface ApplyOutcome {
  application: string;
  environment: Environment;
  desired: Desired;
  releaseHash: string;
  version: number;
  differences: readonly Difference[];
  /** The kinds of the steps that were performed. */
  steps: readonly string[];
  job: JobHealth;
  tookSeconds: number;
}

/** For people. */
export function applyText(outcome: ApplyOutcome): string {
  const { application, environment, steps, version, releaseHash, job, tookSeconds } = outcome;
  if (steps.length === 0) {
    return `nothing to do: ${application} (${environment.name}) runs release ${releaseHash} as version ${version} and is healthy\n`;
  }
  return (
    `${application} (${environment.name}) runs release ${releaseHash} as version ${version} after ${tookSeconds.toFixed(1)} s: ` +
    `${job.tasks.running} tasks run, checkpoints done: ${job.checkpoints.completed}, restarts: ${job.restarts}\n`
  );
}

/** What differs, before anything is done about it. */
export function differencesText(differences: readonly Difference[]): string {
  return pairs(
    differences.map(({ what, from, to }): [string, string] => [
      what,
      `${from ?? '(none)'} -> ${to ?? '(none)'}`,
    ]),
    '  ',
  );
}

/** The JSON document of `apply --json`. */
export function applyJson(outcome: ApplyOutcome): object {
  const { application, environment, desired, releaseHash, version, differences, steps, job } = outcome;
  return {
    schemaVersion: 1,
    command: 'apply',
    application,
    environment: environment.name,
    serviceName: desired.name,
    changed: steps.length > 0,
    steps,
    differences,
    release: releaseHash,
    version,
    parameters: desired.settings.parameters,
    job,
    tookSeconds: outcome.tookSeconds,
  };
}
