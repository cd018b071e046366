import type { Plan } from '../plan/plan';
import { releaseOfKey } from '../release/build-release';
import type { RolloutOutcome } from '../rollout/perform-plan';
import type { ObservedApplication } from '../service/application';
import type { JobHealth } from '../service/flink-job';

/** What an apply did, and what runs afterwards. */
export interface ApplyOutcome {
  plan: Plan;
  outcome: RolloutOutcome['outcome'];
  /** Why it was not done. */
  reason: string | undefined;
  /** The name in the service of what is live. */
  serviceName: string;
  observed: ObservedApplication | undefined;
  job: JobHealth | undefined;
  tookSeconds: number;
}

/** For people. */
export function applyText(outcome: ApplyOutcome): string {
  const { plan, tookSeconds, job } = outcome;
  const title = `${plan.application} (${plan.environment})`;
  if (plan.steps.length === 0) return `nothing to do: ${title} ${runs(outcome)} and is healthy\n`;
  if (outcome.outcome !== 'done') return `${failedText(title, outcome)}\n`;
  const how = outcome.observed?.status === 'RUNNING' ? 'runs' : 'has';
  const health =
    job === undefined
      ? ''
      : `: ${job.tasks.running} tasks run, checkpoints done: ${job.checkpoints.completed}, restarts: ${job.restarts}`;
  return `${title} ${how} ${releaseText(outcome)} after ${tookSeconds.toFixed(1)} s (${plan.rollout})${health}\n`;
}

/** What happened, what runs now, and what to do. */
function failedText(title: string, outcome: ApplyOutcome): string {
  const { plan, reason = 'no reason given' } = outcome;
  const back =
    outcome.outcome === 'taken back' ? `The ${plan.rollout} was taken back` : 'Nothing that runs was changed';
  return `${reason}. ${back}: ${title} ${runs(outcome)}. Put the cause right and apply again`;
}

function runs(outcome: ApplyOutcome): string {
  const { observed } = outcome;
  if (observed === undefined) return 'is not there';
  return observed.status === 'RUNNING'
    ? `runs ${releaseText(outcome)}`
    : `is ${observed.status} with ${releaseText(outcome)}`;
}

function releaseText({ observed }: ApplyOutcome): string {
  const codeKey = observed?.codeKey ?? '';
  return `release ${releaseOfKey(codeKey)?.hash ?? codeKey} as version ${observed?.version ?? 0}`;
}

/** The JSON document of `apply --json` and `rollback --json`. */
export function applyJson({
  plan,
  outcome,
  reason,
  serviceName,
  observed,
  job,
  tookSeconds,
}: ApplyOutcome): object {
  return {
    schemaVersion: 1,
    command: 'apply',
    application: plan.application,
    environment: plan.environment,
    serviceName,
    plan: plan.id,
    outcome,
    reason: reason ?? null,
    changed: outcome === 'done' && plan.steps.length > 0,
    verdict: plan.verdict,
    rollout: plan.rollout,
    generation: plan.generation,
    steps: plan.steps.map(({ kind }) => kind),
    changes: plan.changes,
    release: releaseOfKey(observed?.codeKey ?? '')?.hash ?? null,
    version: observed?.version ?? null,
    parameters: observed?.parameters ?? {},
    job: job ?? null,
    tookSeconds,
  };
}
