import type { Plan } from '../plan/plan';
import { plain } from '../plan/rollout-parameters';
import { liveSlot, slotName } from '../plan/slots';
import { backStepText } from '../report/back-step-text';
import { stepText } from '../report/step-text';
import type { HistoryEntry, RolloutFacts, RolloutRecord } from '../service/control';
import { isAboutAccess } from '../service/fault-kinds';
import { messageOf, UserFault } from '../user-fault';
import { backSteps } from './back-steps';
import { type HeldLock, LostLock } from './held-lock';
import { refuseIfMoved } from './not-moved';
import { performBackStep } from './perform-back-step';
import { performStep } from './perform-step';
import type { Rolling, Under } from './rolling';

/** How a rollout ended. */
export interface RolloutOutcome {
  plan: Plan;
  /** `failed` where a step failed before anything that runs was changed. */
  outcome: HistoryEntry['outcome'];
  /** Why it was not done. */
  reason?: string;
  tookSeconds: number;
}

/** Who performs it, and how the history calls what they do. */
export interface Performer {
  who: string;
  action: string;
}

/** Performs a plan from its first step; refuses where the target moved since it was made. */
export async function performPlan(
  plan: Plan,
  rolling: Rolling,
  held: HeldLock,
  performer: Performer,
): Promise<RolloutOutcome> {
  await refuseIfMoved(plan, rolling);
  const record: RolloutRecord = {
    plan,
    startedAt: new Date(),
    startedBy: performer.who,
    direction: 'forward',
    step: 0,
    facts: plan.observed === null ? {} : { previousVersion: plan.observed.version },
  };
  return goOn(record, rolling, held, performer);
}

/** Goes on with a rollout that was begun: forward, or back where it is being taken back. */
export async function goOn(
  begun: RolloutRecord,
  rolling: Rolling,
  held: HeldLock,
  performer: Performer,
): Promise<RolloutOutcome> {
  if (begun.direction === 'back') return back(begun, rolling, held, performer);
  const { steps } = begun.plan;
  let record = begun;
  const keep = async (changed: RolloutRecord): Promise<void> => {
    held.check();
    await rolling.control.writeRollout(changed, held.current());
    record = changed;
  };
  try {
    for (const [index, step] of [...steps.entries()].slice(begun.step)) {
      await keep({ ...record, step: index });
      rolling.progress.say(`${index + 1}/${steps.length} ${stepText(step)}`);
      await performStep(
        step,
        underOf(rolling, () => record, keep, String(index)),
      );
    }
  } catch (thrown) {
    if (thrown instanceof LostLock || isAboutAccess(thrown)) throw thrown;
    held.check();
    rolling.progress.say(`step ${record.step + 1} failed: ${messageOf(thrown)}`);
    return takeBack(record, messageOf(thrown), rolling, held, performer);
  }
  return end(record, 'done', rolling, held, performer);
}

/** Undoes what a rollout has done so far. */
export function takeBack(
  begun: RolloutRecord,
  why: string,
  rolling: Rolling,
  held: HeldLock,
  performer: Performer,
): Promise<RolloutOutcome> {
  const reached = begun.reached ?? begun.step;
  return back({ ...begun, direction: 'back', step: 0, reached, failure: why }, rolling, held, performer);
}

async function back(
  begun: RolloutRecord,
  rolling: Rolling,
  held: HeldLock,
  performer: Performer,
): Promise<RolloutOutcome> {
  const steps = backSteps(begun.plan, begun.reached ?? begun.plan.steps.length - 1);
  let record = begun;
  const keep = async (changed: RolloutRecord): Promise<void> => {
    held.check();
    await rolling.control.writeRollout(changed, held.current());
    record = changed;
  };
  if (steps.length > 0) rolling.progress.say('taking it back');
  for (const [index, step] of [...steps.entries()].slice(begun.step)) {
    await keep({ ...record, step: index });
    rolling.progress.say(`back ${index + 1}/${steps.length} ${backStepText(step)}`);
    try {
      await performBackStep(
        step,
        underOf(rolling, () => record, keep, `back-${index}`),
      );
    } catch (thrown) {
      if (!(thrown instanceof UserFault)) throw thrown;
      throw new UserFault(
        `taking it back stopped at "${backStepText(step)}": ${thrown.message}. It was taken back because: ` +
          `${begun.failure ?? 'a person wanted it'}. \`spillway plan\` shows how it stands; \`spillway apply\` goes on taking it back`,
        { cause: thrown },
      );
    }
  }
  return end(record, steps.length === 0 ? 'failed' : 'taken back', rolling, held, performer);
}

function underOf(
  rolling: Rolling,
  record: () => RolloutRecord,
  keep: (changed: RolloutRecord) => Promise<void>,
  key: string,
): Under {
  return {
    ...rolling,
    plan: record().plan,
    key,
    facts: () => record().facts,
    learn: (facts: RolloutFacts) => keep({ ...record(), facts: { ...record().facts, ...facts } }),
  };
}

/** The name in the service of what is live now: a handover has changed it. */
export async function liveName({ serviceName, slot }: Plan, { control }: Rolling): Promise<string> {
  const { generations } = await control.generations();
  const blue = slot === 'blue' ? serviceName : serviceName.replace(/-green$/, '');
  return slotName(blue, liveSlot(generations));
}

/** Writes the rollout into the history, and that none is under way any more. */
async function end(
  { plan, startedAt, failure }: RolloutRecord,
  outcome: HistoryEntry['outcome'],
  rolling: Rolling,
  held: HeldLock,
  { who, action }: Performer,
): Promise<RolloutOutcome> {
  const at = new Date();
  const tookSeconds = (at.getTime() - startedAt.getTime()) / 1_000;
  const isDone = outcome === 'done';
  const observed = await rolling.flink.describe(await liveName(plan, rolling));
  const entry: HistoryEntry = {
    id: plan.id,
    at,
    who,
    action,
    changes: plan.changes.map(({ what, from, to }) => `${what}: ${from ?? '(none)'} -> ${to ?? '(none)'}`),
    verdict: plan.verdict,
    rollout: plan.rollout,
    generation: isDone ? plan.generation : (plan.previousGeneration ?? plan.generation),
    releaseHash: plan.releaseHash,
    version: observed?.version,
    ...(observed !== undefined && { settings: plain(observed) }),
    outcome,
    ...(failure !== undefined && !isDone && { reason: failure }),
    tookSeconds,
  };
  held.check();
  await rolling.control.endRollout(entry, held.current());
  rolling.progress.end();
  return { plan, outcome, ...(entry.reason !== undefined && { reason: entry.reason }), tookSeconds };
}
