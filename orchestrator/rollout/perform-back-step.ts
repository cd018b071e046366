import { UserFault } from '../user-fault';
import type { BackStep } from './back-steps';
import type { Under } from './rolling';
import { remove } from './steps/existence';
import { passGates } from './steps/gates';
import { forget, switchedAt } from './steps/generations';
import { start } from './steps/start';
import { halt } from './steps/stop';
import { updateStopped } from './steps/update';
import { sameSettings } from './same-settings';

/** Performs one step of taking a rollout back, to its end; as idempotent as a step forward. */
export async function performBackStep(step: BackStep, under: Under): Promise<void> {
  switch (step.kind) {
    case 'halt':
      return haltNew(step.application, under);
    case 'remove':
      return remove(step, under);
    case 'restore':
      return restore(step, under);
    case 'resume':
      return resume(step.application, under);
    case 'forget':
      return forgetAndRestate(step.generation, under);
    case 'gates':
      await passGates({ ...step, isNew: true }, under);
      return;
    default:
      return step satisfies never;
  }
}

/** An update that did not get as far as the old job has left it running: it is spared. */
async function haltNew(application: string, under: Under): Promise<void> {
  if (under.plan.rollout !== 'start' && (await runsAsBefore(application, under))) return;
  await halt(application, under);
}

async function restore(step: BackStep & { kind: 'restore' }, under: Under): Promise<void> {
  const observed = await under.flink.describe(step.application);
  if (observed !== undefined && sameSettings(observed, step.settings)) return;
  await updateStopped(step.application, step.settings, under);
}

/** The snapshot holds how far the job had read: nothing that came meanwhile is missed. */
async function resume(application: string, under: Under): Promise<void> {
  const { snapshot } = under.facts();
  if (snapshot === undefined) under.progress.say('  it took no snapshot: it starts from its latest, if any');
  await start({ application, state: snapshot === undefined ? 'latest' : { snapshot } }, under);
}

/**
 * What the old generation said since it was no longer heard, nobody acted on: once it is heard again, it is put to the
 * stream again. Coming twice it is one request.
 */
async function forgetAndRestate(generation: number, under: Under): Promise<void> {
  const { plan, restate, progress } = under;
  const unheardFrom = under.facts().switchedAt ?? (await switchedAt(under));
  if (unheardFrom === undefined || plan.previousGeneration === null) return forget(generation, under);
  if (restate === undefined) {
    throw new UserFault('the excess stream is not at hand, and what nobody acted on must be put to it again');
  }
  // Written down first: afterwards nothing tells it any more.
  await under.learn({ switchedAt: unheardFrom });
  await forget(generation, under);
  const count = await restate(plan.previousGeneration, unheardFrom);
  progress.say(`  ${count} excesses that nobody acted on were put to the stream again`);
}

async function runsAsBefore(application: string, { flink, plan }: Under): Promise<boolean> {
  const observed = await flink.describe(application);
  if (observed?.status !== 'RUNNING' || plan.observed === null || application !== plan.serviceName) {
    return false;
  }
  return sameSettings(observed, plan.observed.settings);
}
