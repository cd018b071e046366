import type { Step } from '../../plan/plan';
import type { ObservedApplication } from '../../service/application';
import { UserFault } from '../../user-fault';
import { achieve } from '../achieve';
import type { Under } from '../rolling';
import { settingsOf } from '../rollout-settings';
import { sameSettings } from '../same-settings';

const QUICK_SECONDS = 120;

/** Makes the application; one of the same settings that is there already was made by this step before. */
export async function create(step: Step & { kind: 'create' }, under: Under): Promise<void> {
  const { application } = step;
  const settings = settingsOf(step, under.facts());
  await achieve(under, {
    what: `${application} to be there`,
    limitSeconds: QUICK_SECONDS,
    look: async () => {
      const observed = await under.flink.describe(application);
      if (observed === undefined) return { state: 'todo', missing: 'it is not there' };
      if (observed.status === 'DELETING') return { state: 'busy', missing: 'an older one is being deleted' };
      if (sameSettings(observed, settings)) return { state: 'done', value: undefined };
      throw new UserFault(`someone else created ${application} since the plan was made: plan again`);
    },
    act: () => under.flink.create(application, settings),
  });
}

/** Deletes the application with its snapshots. */
export async function remove({ application }: { application: string }, under: Under): Promise<void> {
  let there: ObservedApplication | undefined;
  await achieve(under, {
    what: `${application} to be gone`,
    limitSeconds: under.operationLimitSeconds,
    look: async () => {
      there = await under.flink.describe(application);
      if (there === undefined) return { state: 'done', value: undefined };
      if (there.status === 'DELETING') return { state: 'busy', missing: 'it is DELETING' };
      return { state: 'todo', missing: `it is ${there.status}` };
    },
    act: async () => {
      if (there !== undefined) await under.flink.delete(there);
    },
  });
}

export async function tag(step: Step & { kind: 'tag' }, under: Under): Promise<void> {
  const { application, tags } = step;
  let there: ObservedApplication | undefined;
  await achieve(under, {
    what: `the tags of ${application}`,
    limitSeconds: QUICK_SECONDS,
    look: async () => {
      there = await under.flink.describe(application);
      if (there === undefined) throw new UserFault(`application ${application} has gone: plan again`);
      const has = await under.flink.tags(there);
      const missing = Object.entries(tags).filter(([name, value]) => has[name] !== value);
      if (missing.length === 0) return { state: 'done', value: undefined };
      return { state: 'todo', missing: missing.map(([name]) => name).join(', ') };
    },
    act: async () => {
      if (there !== undefined) await under.flink.setTags(there, tags);
    },
  });
}
