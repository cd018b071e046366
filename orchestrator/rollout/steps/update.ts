import type { Step } from '../../plan/plan';
import type { ApplicationSettings, ObservedApplication } from '../../service/application';
import { UserFault } from '../../user-fault';
import { achieve, type Seen } from '../achieve';
import { begin, failureOf, refuseFailed } from '../operations';
import type { Under } from '../rolling';
import { settingsOf } from '../rollout-settings';
import { sameSettings } from '../same-settings';

const QUICK_SECONDS = 120;

/** Brings new settings in: into what runs, whose state the service carries over, or into what is stopped. */
export async function update(step: Step & { kind: 'update' }, under: Under): Promise<void> {
  const settings = settingsOf(step, under.facts());
  if (step.of === 'running') await updateRunning(step.application, settings, under);
  else await updateStopped(step.application, settings, under);
}

/** Changes the settings of what is stopped. */
export async function updateStopped(
  application: string,
  settings: ApplicationSettings,
  under: Under,
): Promise<void> {
  let there: ObservedApplication | undefined;
  await achieve(under, {
    what: `the new settings of ${application}`,
    limitSeconds: QUICK_SECONDS,
    look: async () => {
      there = await described(application, under);
      if (sameSettings(there, settings)) return { state: 'done', value: undefined };
      if (there.status === 'READY') return { state: 'todo', missing: 'its settings are the old ones' };
      if (there.status !== 'RUNNING') return { state: 'busy', missing: `it is ${there.status}` };
      throw new UserFault(`someone started ${application} meanwhile: plan again`);
    },
    act: async () => {
      if (there !== undefined) await under.flink.update(there, settings, 'none');
    },
  });
}

async function updateRunning(
  application: string,
  settings: ApplicationSettings,
  under: Under,
): Promise<void> {
  let there: ObservedApplication | undefined;
  await achieve(under, {
    what: `the update of ${application}`,
    limitSeconds: under.operationLimitSeconds,
    look: async () => {
      there = await described(application, under);
      await refuseFailed(under, application, 'update');
      return lookAtRunning(there, settings, under);
    },
    act: async () => {
      const observed = there;
      if (observed === undefined) return;
      await begin(under, application, 'UpdateApplication', () =>
        under.flink.update(observed, settings, 'latest'),
      );
    },
  });
}

async function lookAtRunning(
  there: ObservedApplication,
  settings: ApplicationSettings,
  under: Under,
): Promise<Seen<undefined>> {
  const { name, status } = there;
  if (status !== 'RUNNING' && status !== 'READY') return { state: 'busy', missing: `it is ${status}` };
  if (sameSettings(there, settings)) {
    if (status === 'RUNNING') return { state: 'done', value: undefined };
    const reason = (await failureOf(under, name, 'UpdateApplication')) ?? 'no reason given';
    throw new UserFault(`the new job of ${name} did not come up: ${reason}`);
  }
  const { observed } = under.plan;
  if (observed !== null && sameSettings(there, observed.settings) && status === 'RUNNING') {
    return { state: 'todo', missing: 'it runs as before' };
  }
  throw new UserFault(
    `${name} is not what the plan was made for (it is ${status}, version ${there.version}): someone changed it ` +
      'meanwhile. Plan again',
  );
}

async function described(application: string, under: Under): Promise<ObservedApplication> {
  const there = await under.flink.describe(application);
  if (there === undefined) throw new UserFault(`application ${application} has gone: plan again`);
  return there;
}
