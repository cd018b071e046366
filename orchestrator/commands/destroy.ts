import { onlyApplication } from '../definition/read-definition';
import { slotName } from '../plan/slots';
import { actionOutput } from '../report/action-report';
import { serviceName } from '../rollout/desired';
import { historyEntry } from '../rollout/history-entry';
import { waitUntil } from '../rollout/wait-until';
import { withLock } from '../rollout/with-lock';
import type { ObservedApplication } from '../service/application';
import { UserFault } from '../user-fault';
import { ask, hasTerminal } from './ask';
import { notThere, openPlace, type Place, titleOf } from './open-place';
import type { CommonOptions } from './options';
import { EXIT_DECLINED, EXIT_DONE, type Streams } from './streams';

export interface DestroyOptions extends CommonOptions {
  /** The application's name once more. */
  confirm?: string;
}

const UNTIL_DELETED_MS = 10 * 60_000;
const POLL_EVERY_MS = 500;

/**
 * `spillway destroy [application]`: deletes an application from Managed Flink with its snapshots, in both slots. Its
 * files, releases, history, streams and suspensions stay.
 */
export async function destroy(
  application: string | undefined,
  options: DestroyOptions,
  streams: Streams,
): Promise<number> {
  const name = application ?? onlyApplication(options.definitions, 'destroy');
  const place = await openPlace(options, streams);
  try {
    const there = await bothSlots(name, place);
    if (there.length === 0) throw notThere(name, place.environment, options);
    const title = titleOf(name, place.environment);
    if (!(await isConfirmed(name, title, options, streams))) {
      place.say('nothing was changed');
      return EXIT_DECLINED;
    }
    const control = place.control(name);
    const wish = { control, who: place.who, purpose: 'destroy', evenInterrupted: true };
    await withLock(wish, async (lock) => {
      const startedAt = new Date();
      const [live] = there;
      if (live === undefined) return;
      for (const observed of await bothSlots(name, place)) await deleteOne(observed, title, place);
      const generation = Number(live.parameters['generation'] ?? 1);
      const changes = ['deleted with its snapshots'];
      const action = { who: place.who, action: 'destroy', changes, startedAt, observed: live, generation };
      // A rollout that was under way is over as well.
      await control.endRollout(historyEntry(action, 'done'), lock());
    });
    const outcome = {
      command: 'destroy',
      application: name,
      environment: place.environment.name,
      changed: true,
      text: `${title} is deleted, with its snapshots`,
      notes: [
        'its releases, history, streams and the suspensions it led to stay; suspensions end by themselves',
      ],
    };
    streams.stdout.write(actionOutput(outcome, options.json));
    return EXIT_DONE;
  } finally {
    place.close();
  }
}

async function bothSlots(application: string, { environment, flink }: Place): Promise<ObservedApplication[]> {
  const name = serviceName(application, environment);
  const found: ObservedApplication[] = [];
  for (const slot of ['blue', 'green'] as const) {
    const observed = await flink.describe(slotName(name, slot));
    if (observed !== undefined) found.push(observed);
  }
  return found;
}

async function isConfirmed(
  name: string,
  title: string,
  options: DestroyOptions,
  streams: Streams,
): Promise<boolean> {
  if (options.confirm !== undefined) {
    if (options.confirm === name) return true;
    throw new UserFault(
      `--confirm is "${options.confirm}", but the application is ${name}: nothing was changed`,
    );
  }
  if (!hasTerminal(streams)) {
    throw new UserFault(
      `destroy deletes ${title} and its snapshots, and there is no terminal to ask: add --confirm ${name}`,
    );
  }
  const answer = await ask(
    `This deletes ${title} and its snapshots for good. Type its name to go on: `,
    streams,
  );
  return answer === name;
}

async function deleteOne(observed: ObservedApplication, title: string, { flink, say }: Place): Promise<void> {
  say(`deleting ${title}${observed.status === 'RUNNING' ? ', which runs' : ''}`);
  if (observed.status !== 'DELETING') await flink.delete(observed);
  await waitUntil(`${title} to be gone`, UNTIL_DELETED_MS, POLL_EVERY_MS, async () => {
    const now = await flink.describe(observed.name);
    return now === undefined
      ? { done: true, value: undefined }
      : { done: false, missing: `it is ${now.status}` };
  });
}
