import type { StateSource } from '../../service/application';
import { UserFault } from '../../user-fault';
import { achieve } from '../achieve';
import { begin, refuseFailed } from '../operations';
import type { Under } from '../rolling';

/** Starts what is stopped, and waits until the service calls it RUNNING; the gates say whether it is healthy. */
export async function start(
  { application, state }: { application: string; state: StateSource },
  under: Under,
): Promise<void> {
  await achieve(under, {
    what: `${application} to start`,
    limitSeconds: under.operationLimitSeconds,
    look: async () => {
      const status = (await under.flink.describe(application))?.status;
      if (status === undefined) throw new UserFault(`application ${application} has gone: plan again`);
      if (status === 'RUNNING') return { state: 'done', value: undefined };
      await refuseFailed(under, application, 'start');
      return { state: status === 'READY' ? 'todo' : 'busy', missing: `it is ${status}` };
    },
    act: () => begin(under, application, 'StartApplication', () => under.flink.start(application, state)),
  });
}
