import type { ListedOperation } from '../service/application';
import { isUncertain } from '../service/fault-kinds';
import { UserFault } from '../user-fault';
import type { Under } from './rolling';

/** How many operations of all kinds are looked through for one. */
const LOOK_THROUGH = 20;

/**
 * Begins an operation of the service and writes its id down. Where the answer was lost, the operation is found by its
 * kind: one that was not there before is this one, because whoever holds the lock is alone.
 */
export async function begin(
  under: Under,
  application: string,
  kind: string,
  call: () => Promise<string | undefined>,
): Promise<void> {
  const before = await newest(under, application, kind);
  let id: string | undefined;
  try {
    id = await call();
  } catch (thrown) {
    if (!isUncertain(thrown)) throw thrown;
    id = (await newest(under, application, kind))?.id;
    if (id === undefined || id === before?.id) throw thrown;
    under.progress.say(`  the answer was lost, and it was done all the same`);
  }
  if (id === undefined) return;
  const { operations } = under.facts();
  await under.learn({ operations: { ...operations, [under.key]: id } });
}

/** Throws where the operation that this step began has failed, with the service's reason. */
export async function refuseFailed(under: Under, application: string, what: string): Promise<void> {
  const id = under.facts().operations?.[under.key];
  if (id === undefined) return;
  const { status, error } = await under.flink.operation(application, id);
  if (status === 'IN_PROGRESS' || status === 'SUCCESSFUL') return;
  throw new UserFault(`the ${what} of ${application} ended as ${status}: ${error ?? 'no reason given'}`);
}

/** The reason of the newest operation of a kind, where it failed. */
export async function failureOf(
  under: Under,
  application: string,
  kind: string,
): Promise<string | undefined> {
  const found = await newest(under, application, kind);
  if (found?.status !== 'FAILED') return undefined;
  return (await under.flink.operation(application, found.id)).error;
}

async function newest(under: Under, application: string, kind: string): Promise<ListedOperation | undefined> {
  const operations = await under.flink.operations(application, LOOK_THROUGH);
  return operations.find((operation) => operation.kind === kind);
}
