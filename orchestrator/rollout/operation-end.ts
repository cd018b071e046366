import type { ManagedFlink, ObservedApplication, Operation } from '../service/application';
import { UserFault } from '../user-fault';
import { busyText } from './busy';
import { waitUntil } from './wait-until';

const POLL_EVERY_MS = 500;
/** The service stops and starts within a few minutes. */
const UNTIL_ENDED_MS = 10 * 60_000;

/** Waits until an operation of the service is over, however it ended. */
export async function operationEnd(
  flink: ManagedFlink,
  name: string,
  id: string,
  what: string,
): Promise<Operation> {
  return waitUntil(what, UNTIL_ENDED_MS, POLL_EVERY_MS, async () => {
    const operation = await flink.operation(name, id);
    if (operation.status !== 'IN_PROGRESS') return { done: true, value: operation };
    const observed = await flink.describe(name);
    const missing = observed === undefined ? 'it is gone' : await busyNow(flink, what, observed);
    return { done: false, missing };
  });
}

/** Waits for an operation's success; throws its error where it fails. */
export async function operationDone(
  flink: ManagedFlink,
  name: string,
  id: string,
  what: string,
): Promise<void> {
  const { status, error } = await operationEnd(flink, name, id, what);
  if (status !== 'SUCCESSFUL') {
    throw new UserFault(`${what} ended as ${status}: ${error ?? 'no reason given'}`);
  }
}

/** What the application is busy with at this moment, and what to do where that does not end. */
export async function busyNow(
  flink: ManagedFlink,
  title: string,
  observed: ObservedApplication,
): Promise<string> {
  const [latest] = await flink.operations(observed.name, 1);
  return busyText(title, observed.status, latest, new Date());
}
