import type { ApplicationStatus, ObservedApplication } from '../service/application';
import { POLL_EVERY_MS, type Rolling } from './rolling';
import { waitUntil } from './wait-until';

/** Statuses in which an application stays until someone does something. */
export const SETTLED: readonly ApplicationStatus[] = ['READY', 'RUNNING', 'ROLLED_BACK'];

/** The application once the service is done with it; undefined where there is none. */
export async function settled(
  name: string,
  limitSeconds: number,
  { flink, progress }: Pick<Rolling, 'flink' | 'progress'>,
): Promise<ObservedApplication | undefined> {
  let said: string | undefined;
  return waitUntil(`${name} to settle`, limitSeconds * 1_000, POLL_EVERY_MS, async () => {
    const observed = await flink.describe(name);
    if (observed === undefined || SETTLED.includes(observed.status)) return { done: true, value: observed };
    if (said !== observed.status) progress.say(`waiting: ${name} is ${observed.status}`);
    said = observed.status;
    return {
      done: false,
      missing: `it is ${observed.status}; if it is stuck, end that with \`spillway stop --force\``,
    };
  });
}
