import type { ApplicationStatus } from '../../service/application';
import { UserFault } from '../../user-fault';
import { achieve } from '../achieve';
import { begin, refuseFailed } from '../operations';
import type { Under } from '../rolling';

/** Of these it can be stopped by force. */
const FORCED: readonly ApplicationStatus[] = ['STARTING', 'UPDATING', 'STOPPING', 'AUTOSCALING', 'RUNNING'];

/**
 * Stops with a snapshot, and remembers it as the way back. A job in a restart loop takes none: it is stopped by force,
 * which loses nothing, because no state is carried on from here.
 */
export async function stop({ application }: { application: string }, under: Under): Promise<void> {
  try {
    await stopWith(application, under, false);
  } catch (thrown) {
    if (!(thrown instanceof UserFault)) throw thrown;
    under.alive();
    under.progress.say(`  it takes no snapshot (${thrown.message}): stopping it by force`);
    const operations = { ...under.facts().operations };
    Reflect.deleteProperty(operations, under.key);
    await under.learn({ operations });
    await stopWith(application, under, true);
  }
  if (application !== under.plan.serviceName) return;
  const version = under.plan.observed?.version;
  const taken = (await under.flink.snapshots(application)).find(
    (one) => one.status === 'READY' && one.version === version,
  );
  if (taken !== undefined) await under.learn({ snapshot: taken.name });
}

/** Stops by force, whatever is under way; what is not there or does not run is left as it is. */
export async function halt(application: string, under: Under): Promise<void> {
  await stopWith(application, under, true);
}

async function stopWith(application: string, under: Under, force: boolean): Promise<void> {
  await achieve(under, {
    what: `${application} to stop`,
    limitSeconds: under.operationLimitSeconds,
    look: async () => {
      const status = (await under.flink.describe(application))?.status;
      if (status === undefined && !force)
        throw new UserFault(`application ${application} has gone: plan again`);
      if (status === undefined || status === 'READY') return { state: 'done', value: undefined };
      await refuseFailed(under, application, 'stop');
      const missing = `it is ${status}`;
      if (under.facts().operations?.[under.key] !== undefined) return { state: 'busy', missing };
      const canBe = force ? FORCED.includes(status) : status === 'RUNNING';
      return { state: canBe ? 'todo' : 'busy', missing };
    },
    act: () => begin(under, application, 'StopApplication', () => under.flink.stop(application, force)),
  });
}
