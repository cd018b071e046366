import { onlyApplication } from '../definition/read-definition';
import { actionOutput } from '../report/action-report';
import { historyEntry } from '../rollout/history-entry';
import { busyNow, operationDone } from '../rollout/operation-end';
import { withLock } from '../rollout/with-lock';
import type { Snapshot, StateSource } from '../service/application';
import { UserFault } from '../user-fault';
import { type Deployed, findDeployed, openPlace, type Place, untilHealthy } from './open-place';
import type { CommonOptions } from './options';
import { EXIT_DONE, type Streams } from './streams';

export interface StartOptions extends CommonOptions {
  /** `latest`, `none`, or a snapshot's name. */
  from: string;
}

/** `spillway start [application]`: starts what is stopped, from its latest snapshot, and waits until it is healthy. */
export async function start(
  application: string | undefined,
  options: StartOptions,
  streams: Streams,
): Promise<number> {
  const name = application ?? onlyApplication(options.definitions, 'start');
  const place = await openPlace(options, streams);
  try {
    const { control } = await findDeployed(name, place, options);
    const started = await withLock({ control, who: place.who, purpose: 'start' }, async () =>
      startDeployed(await findDeployed(name, place, options), place, options),
    );
    const outcome = { command: 'start', application: name, environment: place.environment.name, ...started };
    streams.stdout.write(actionOutput(outcome, options.json));
    return EXIT_DONE;
  } finally {
    place.close();
  }
}

interface Started {
  changed: boolean;
  text: string;
  notes?: readonly string[];
  facts: { status: string; from: string | null };
}

async function startDeployed(deployed: Deployed, place: Place, options: StartOptions): Promise<Started> {
  const { observed, title, generation, control } = deployed;
  const { flink, say, who } = place;
  if (observed.status === 'RUNNING') {
    return {
      changed: false,
      text: `nothing to do: ${title} runs`,
      facts: { status: 'RUNNING', from: null },
    };
  }
  if (observed.status !== 'READY') throw new UserFault(await busyNow(flink, title, observed));
  const { state, from, notes } = stateOf(options.from, await flink.snapshots(observed.name), deployed);
  const startedAt = new Date();
  const action = { who, action: 'start', startedAt, observed, generation, changes: [`started from ${from}`] };
  say(`starting ${title} from ${from}`);
  try {
    await operationDone(
      flink,
      observed.name,
      await flink.start(observed.name, state),
      `the start of ${title}`,
    );
    await untilHealthy(observed, place);
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault);
    await control.addHistory(historyEntry(action, 'failed', reason));
    throw fault;
  }
  await control.addHistory(historyEntry(action, 'done'));
  return {
    changed: true,
    text: `${title} runs and is healthy; it went on from ${from}`,
    notes,
    facts: { status: 'RUNNING', from },
  };
}

/**
 * Where the state comes from. A snapshot of another version is refused: Flink would restore it into changed SQL
 * without a word, and apply knows which changes it survives.
 */
function stateOf(
  from: string,
  snapshots: readonly Snapshot[],
  { application, title, observed }: Deployed,
): { state: StateSource; from: string; notes: string[] } {
  const lost =
    'its state is dropped: heat is counted anew, and what was written while it stood still is seen only if its start says so';
  if (from === 'none') return { state: 'none', from: 'an empty state', notes: [lost] };
  const ready = snapshots.filter(({ status }) => status === 'READY');
  const found = from === 'latest' ? ready[0] : ready.find(({ name }) => name === from);
  if (found === undefined) {
    if (from === 'latest')
      return { state: 'none', from: 'an empty state, because it has no snapshot', notes: [lost] };
    const there = ready.map(({ name }) => name).slice(0, 5);
    throw new UserFault(
      `${title} has no snapshot "${from}" that is ready; ` +
        (there.length === 0 ? 'it has none' : `the latest are ${there.join(', ')}`),
    );
  }
  if (found.version !== observed.version) {
    throw new UserFault(
      `snapshot ${found.name} is of version ${found.version}, and ${title} is at version ${observed.version}: whether ` +
        `its state fits is for \`spillway apply ${application}\` to say. \`--from none\` starts without any state`,
    );
  }
  return { state: { snapshot: found.name }, from: `snapshot ${found.name}`, notes: [] };
}
