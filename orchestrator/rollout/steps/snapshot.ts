import type { Step } from '../../plan/plan';
import { UserFault } from '../../user-fault';
import { achieve } from '../achieve';
import type { Under } from '../rolling';

/** Takes the named snapshot: the way back. */
export async function snapshot(step: Step & { kind: 'snapshot' }, under: Under): Promise<void> {
  const { application, snapshot: name } = step;
  await achieve(under, {
    what: `snapshot ${name} of ${application}`,
    limitSeconds: under.operationLimitSeconds,
    look: async () => {
      const found = (await under.flink.snapshots(application)).find((one) => one.name === name);
      if (found === undefined) return { state: 'todo', missing: 'it is not there' };
      if (found.status === 'READY') return { state: 'done', value: undefined };
      if (found.status === 'CREATING') return { state: 'busy', missing: 'it is CREATING' };
      throw new UserFault(
        `${application} takes no snapshot (${name} is ${found.status}), so there would be no way back: ` +
          'see with `spillway status` whether its job is healthy',
      );
    },
    act: () => under.flink.createSnapshot(application, name),
  });
  await under.learn({ snapshot: name });
}
