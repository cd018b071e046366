import type { Step } from '../plan/plan';
import { UserFault } from '../user-fault';
import { comparedSpan } from './compared-span';
import type { ExcessComparison, Under } from './rolling';
import { awaitCutover } from './steps/await-cutover';
import { create, remove, tag } from './steps/existence';
import { passGates } from './steps/gates';
import { register, switchOver } from './steps/generations';
import { measure } from './steps/measure';
import { snapshot } from './steps/snapshot';
import { start } from './steps/start';
import { stop } from './steps/stop';
import { update } from './steps/update';
import { upload } from './steps/upload';

/** Performs one step to its end. Doing it again does nothing: each looks first how far it is. */
export async function performStep(step: Step, under: Under): Promise<void> {
  switch (step.kind) {
    case 'upload':
      return upload(step, under);
    case 'create':
      return create(step, under);
    case 'tag':
      return tag(step, under);
    case 'snapshot':
      return snapshot(step, under);
    case 'register':
      return register(step, under);
    case 'measure':
      return measure(step, under);
    case 'stop':
      return stop(step, under);
    case 'update':
      return update(step, under);
    case 'start':
      return start(step, under);
    case 'gates':
      return gates(step, under);
    case 'switch':
      return switchOver(step, under);
    case 'await-cutover':
      return awaitCutover(step, under);
    case 'delete':
      return remove(step, under);
    default:
      return step satisfies never;
  }
}

async function gates(step: Step & { kind: 'gates' }, under: Under): Promise<void> {
  const { application, lagSeconds, compareWith, limitSeconds } = step;
  const { compareExcesses, progress } = under;
  if (compareWith !== undefined && compareExcesses === undefined) {
    progress.say('  the excesses are not compared: nothing here can read their stream');
  }
  const compare =
    compareWith === undefined || compareExcesses === undefined
      ? undefined
      : () => compareOnce(step, compareWith, compareExcesses, under);
  await passGates({ application, lagSeconds, limitSeconds, isNew: true, compare }, under);
}

/** How they compare; where that cannot be told this time, it does not hold yet. */
async function compareOnce(
  { application }: Step & { kind: 'gates' },
  old: number,
  compareExcesses: NonNullable<Under['compareExcesses']>,
  under: Under,
): Promise<ExcessComparison> {
  try {
    const span = await comparedSpan(application, under);
    if (span === undefined) return { holds: false, detail: 'there is no second yet that both have finished' };
    return await compareExcesses({ old, next: under.plan.generation }, span);
  } catch (thrown) {
    if (thrown instanceof UserFault) return { holds: false, detail: thrown.message };
    throw thrown;
  }
}
