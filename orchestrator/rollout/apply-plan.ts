import type { Plan } from '../plan/plan';
import type { Control, RolloutRecord } from '../service/control';
import { UserFault } from '../user-fault';
import type { HeldLock } from './held-lock';
import { goOn, performPlan, type Performer, type RolloutOutcome, takeBack } from './perform-plan';
import type { Rolling } from './rolling';

/** What is to become of a rollout that was begun and is not over. */
export type Ending = 'finish' | 'take back';

/**
 * What the next apply does about an interrupted rollout: one that is being taken back is taken back to its end, one that
 * still is what is wanted is finished. Pure.
 */
export function endingOf(
  { direction, plan }: RolloutRecord,
  wanted: { isStillWanted(plan: Plan): boolean; takeBack: boolean },
): Ending {
  if (direction === 'back' || wanted.takeBack) return 'take back';
  return wanted.isStillWanted(plan) ? 'finish' : 'take back';
}

/** Ends an interrupted rollout, and says what it was. */
export async function endInterrupted(
  record: RolloutRecord,
  ending: Ending,
  rolling: Rolling,
  held: HeldLock,
  performer: Performer,
): Promise<RolloutOutcome> {
  const { plan, startedBy, startedAt, step, direction, failure } = record;
  const of =
    direction === 'back'
      ? `while it was taken back (${failure ?? 'no reason given'})`
      : `before step ${step + 1}`;
  rolling.progress.say(
    `a ${plan.rollout} by ${startedBy} from ${startedAt.toISOString()} stopped ${of}: ` +
      (ending === 'finish' ? 'it is what is wanted, so it is finished' : 'it is taken back'),
  );
  if (ending === 'finish' || direction === 'back') return goOn(record, rolling, held, performer);
  return takeBack(record, 'it was interrupted', rolling, held, performer);
}

/** Performs a plan that was shown; refuses where a rollout began since. */
export async function performShown(
  plan: Plan,
  control: Control,
  rolling: Rolling,
  held: HeldLock,
  performer: Performer,
): Promise<RolloutOutcome> {
  if ((await control.rollout()) !== undefined) {
    throw new UserFault('another rollout was begun since the plan was made, and is not over: plan again');
  }
  return performPlan(plan, rolling, held, performer);
}
