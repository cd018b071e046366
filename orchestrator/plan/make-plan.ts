import { UserFault } from '../user-fault';
import { gravestVerdict } from './attribute-verdicts';
import { changesOf } from './changes';
import { chooseRollout } from './choose-rollout';
import { costOf } from './cost';
import { missingSeconds, noticesOf } from './notices';
import { type Plan, PLAN_VERSION } from './plan';
import { sealPlan } from './plan-id';
import type { PlanInput } from './plan-input';
import { plain, withoutRolloutParameters } from './rollout-parameters';
import { type Situation, situationOf } from './situation';
import { stepsOf } from './steps';

/**
 * The plan from what is there to what is wanted. Pure: the time and everything that was read are in the input.
 *
 * Throws a UserFault where what was asked for is not safe, or cannot be done without missing something.
 */
export function makePlan(input: PlanInput): Plan {
  const { observed, wanted, environment } = input;
  if (observed.live?.status === 'DELETING') {
    throw new UserFault(`${input.application} is being deleted: wait until it is gone, then plan again`);
  }
  const situation = situationOf(input);
  const changes = changesOf(input);
  const { rollout, alternatives } = chooseRollout(changes, situation);
  const missing = missingSeconds(rollout, situation);
  if (missing > 0 && input.options.acceptGap !== true && rollout !== 'start' && rollout !== 'restart') {
    throw new UserFault(
      `a ${rollout} has to read ${situation.replaySeconds} s of usage again, but the stream keeps ${input.usageRetentionSeconds} s: ` +
        'keep it longer (and say so as usageRetention of the environment), make the window shorter, or accept with ' +
        `--accept-gap that excesses of the first ${missing} s are missed`,
    );
  }
  return sealPlan({
    schemaVersion: PLAN_VERSION,
    madeBy: input.madeBy,
    madeAt: input.now.toISOString(),
    application: input.application,
    environment: environment.name,
    account: environment.account,
    region: environment.region,
    serviceName: situation.name,
    slot: situation.slot,
    observed: observedPart(situation),
    desired: withoutRolloutParameters(wanted.settings),
    releaseHash: wanted.releaseHash,
    previousGeneration: situation.previousGeneration,
    generation: generationAfter(rollout, situation),
    generationsRevision: input.generations.revision,
    changes,
    verdict: gravestVerdict(changes),
    rollout,
    alternatives,
    steps: stepsOf(rollout, changes, situation),
    cost: costOf(rollout, situation),
    sql: { from: observed.deployed?.sql ?? null, to: wanted.sql ?? null },
    notices: noticesOf(rollout, changes, situation),
  });
}

function observedPart({ input }: Situation): Plan['observed'] {
  const { live } = input.observed;
  if (live === undefined) return null;
  const { status, version, conditionalToken } = live;
  return { status, version, conditionalToken, settings: plain(live) };
}

function generationAfter(rollout: Plan['rollout'], situation: Situation): number {
  switch (rollout) {
    case 'none':
    case 'start':
    case 'settings':
      return situation.previousGeneration ?? situation.nextGeneration;
    case 'create':
    case 'restart':
    case 'replay':
    case 'handover':
    case 'shadow':
      return situation.nextGeneration;
  }
}
