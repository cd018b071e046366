import type { Plan } from '../plan/plan';
import { UserFault } from '../user-fault';
import type { Rolling } from './rolling';
import { sameSettings } from './same-settings';

/** Throws where the target is no longer what the plan was made for. */
export async function refuseIfMoved(plan: Plan, { flink, control }: Rolling): Promise<void> {
  const moved = (how: string): UserFault =>
    new UserFault(
      `${plan.application} (${plan.environment}) moved since the plan was made at ${plan.madeAt}: ${how}. Plan again`,
    );
  const { revision } = await control.generations();
  if (revision !== plan.generationsRevision) throw moved('another rollout was performed');
  const now = await flink.describe(plan.serviceName);
  const { observed: then } = plan;
  if (now === undefined && then === null) return;
  if (now === undefined) throw moved('it was deleted');
  if (then === null) throw moved('it was created');
  if (now.version !== then.version) throw moved(`it has version ${now.version}, not ${then.version}`);
  if (now.status !== then.status) throw moved(`it is ${now.status}, not ${then.status}`);
  if (!sameSettings(now, then.settings)) throw moved('its settings are others');
  if (now.conditionalToken !== then.conditionalToken) throw moved('the service did something to it');
}
