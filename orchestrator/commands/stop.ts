import { onlyApplication } from '../definition/read-definition';
import { actionOutput } from '../report/action-report';
import { busyNow, operationDone, operationEnd } from '../rollout/operation-end';
import { historyEntry } from '../rollout/history-entry';
import { withLock } from '../rollout/with-lock';
import { UserFault } from '../user-fault';
import { type Deployed, findDeployed, openPlace, type Place } from './open-place';
import type { CommonOptions } from './options';
import { EXIT_DONE, type Streams } from './streams';

export interface StopOptions extends CommonOptions {
  /** Without a snapshot, and also out of a passing status. */
  force: boolean;
}

/** `spillway stop [application]`: stops what runs, with a snapshot unless by force. */
export async function stop(
  application: string | undefined,
  options: StopOptions,
  streams: Streams,
): Promise<number> {
  const name = application ?? onlyApplication(options.definitions, 'stop');
  const place = await openPlace(options, streams);
  try {
    const { control } = await findDeployed(name, place, options);
    const wish = { control, who: place.who, purpose: 'stop', evenInterrupted: options.force };
    // Looked at again under the lock: another command may have ended only now.
    const stopped = await withLock(wish, async () => {
      return stopDeployed(await findDeployed(name, place, options), place, options);
    });
    const outcome = {
      command: 'stop',
      application: name,
      environment: place.environment.name,
      ...stopped,
    };
    streams.stdout.write(actionOutput(outcome, options.json));
    return EXIT_DONE;
  } finally {
    place.close();
  }
}

interface Stopped {
  changed: boolean;
  text: string;
  notes?: readonly string[];
  facts: { status: string; snapshot: string | null };
}

async function stopDeployed(deployed: Deployed, place: Place, { force }: StopOptions): Promise<Stopped> {
  const { observed, title, generation } = deployed;
  const { flink, say, who } = place;
  if (observed.status === 'READY') {
    return {
      changed: false,
      text: `nothing to do: ${title} is stopped`,
      facts: { status: 'READY', snapshot: null },
    };
  }
  if (observed.status !== 'RUNNING' && !force) {
    throw new UserFault(await busyNow(flink, title, observed));
  }
  const startedAt = new Date();
  const action = { who, action: 'stop', startedAt, observed, generation };
  say(`stopping ${title} ${force ? 'by force, without a snapshot' : 'with a snapshot'}`);
  const id = await flink.stop(observed.name, force);
  if (force) {
    await operationDone(flink, observed.name, id, `the forced stop of ${title}`);
  } else {
    const { status, error } = await operationEnd(flink, observed.name, id, `the stop of ${title}`);
    if (status !== 'SUCCESSFUL') {
      const reason = `it takes no snapshot (${error ?? status})`;
      await deployed.control.addHistory(historyEntry({ ...action, changes: [] }, 'failed', reason));
      throw new UserFault(
        `${title} is not stopped: ${reason}. See why with \`spillway logs ${deployed.application}\`; ` +
          '`spillway stop --force` stops it without one, and what it added up since its last snapshot is lost',
      );
    }
  }
  const [latest] = await flink.snapshots(observed.name);
  const changes = [
    force ? 'stopped by force, without a snapshot' : `stopped with snapshot ${latest?.name ?? '?'}`,
  ];
  await deployed.control.addHistory(historyEntry({ ...action, changes }, 'done'));
  return {
    changed: true,
    text: `${title} is stopped${force ? ' without a snapshot' : `; snapshot ${latest?.name ?? '?'}`}`,
    notes: [
      'nobody is suspended until it runs again; what is written meanwhile is found then, as long as the usage stream keeps it',
    ],
    facts: { status: 'READY', snapshot: force ? null : (latest?.name ?? null) },
  };
}
