import { onlyApplication } from '../definition/read-definition';
import { actionOutput } from '../report/action-report';
import { snapshotsJson, snapshotsText } from '../report/snapshots-report';
import { busyNow } from '../rollout/operation-end';
import { waitUntil } from '../rollout/wait-until';
import { withLock } from '../rollout/with-lock';
import { didYouMean } from '../definition/did-you-mean';
import type { Snapshot } from '../service/application';
import { UserFault } from '../user-fault';
import { type Deployed, findDeployed, openPlace, type Place } from './open-place';
import type { CommonOptions } from './options';
import { EXIT_DONE, type Streams } from './streams';

export interface SnapshotOptions extends CommonOptions {
  /** What a new one is called; made of the moment unless given. */
  name?: string;
  /** Delete also the one that it would go on from. */
  force?: boolean;
}

const UNTIL_TAKEN_MS = 10 * 60_000;
const UNTIL_DELETED_MS = 2 * 60_000;
const POLL_EVERY_MS = 500;

/** `spillway snapshots list [application]`: the saved states, the latest first. */
export async function listSnapshots(
  application: string | undefined,
  options: SnapshotOptions,
  streams: Streams,
): Promise<number> {
  return at('snapshots list', application, options, streams, async ({ observed, title }, { flink }) => {
    const snapshots = await flink.snapshots(observed.name);
    const report = { title, version: observed.version, snapshots, now: new Date() };
    return options.json ? `${JSON.stringify(snapshotsJson(report))}\n` : snapshotsText(report);
  });
}

/** `spillway snapshots create [application]`: saves the state of what runs, and waits until it is there. */
export async function createSnapshot(
  application: string | undefined,
  options: SnapshotOptions,
  streams: Streams,
): Promise<number> {
  return at('snapshots create', application, options, streams, async (deployed, place) => {
    const { observed, title, control } = deployed;
    const { flink, say, who, environment } = place;
    if (observed.status !== 'RUNNING') throw new UserFault(await busyNow(flink, title, observed));
    const name = options.name ?? `by-hand-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    if (!/^[a-zA-Z0-9_.-]{1,256}$/.test(name)) {
      throw new UserFault(`--name is "${name}", but a snapshot's name is letters, digits, "_", "." and "-"`);
    }
    say(`taking snapshot ${name} of ${title}`);
    await withLock({ control, who, purpose: `take snapshot ${name}` }, async () => {
      await flink.createSnapshot(observed.name, name);
      await waitUntil(`snapshot ${name}`, UNTIL_TAKEN_MS, POLL_EVERY_MS, async () => {
        const found = (await flink.snapshots(observed.name)).find((one) => one.name === name);
        if (found?.status === 'FAILED') {
          throw new UserFault(`snapshot ${name} of ${title} failed: see why with \`spillway logs\``);
        }
        if (found?.status === 'READY') return { done: true, value: undefined };
        return { done: false, missing: `it is ${found?.status ?? 'not there'}` };
      });
    });
    const outcome = {
      ...{ command: 'snapshots create', application: deployed.application, environment: environment.name },
      ...{ changed: true, text: `snapshot ${name} of ${title} is there`, facts: { snapshot: name } },
    };
    return actionOutput(outcome, options.json);
  });
}

/** `spillway snapshots delete APPLICATION SNAPSHOT`. */
export async function deleteSnapshot(
  application: string,
  snapshot: string,
  options: SnapshotOptions,
  streams: Streams,
): Promise<number> {
  return at('snapshots delete', application, options, streams, async (deployed, place) => {
    const { observed, title, control } = deployed;
    const { flink, who, environment } = place;
    await withLock({ control, who, purpose: `delete snapshot ${snapshot}` }, async () => {
      const snapshots = await flink.snapshots(observed.name);
      const found = snapshots.find(({ name }) => name === snapshot);
      if (found === undefined) {
        const names = snapshots.map(({ name }) => name);
        throw new UserFault(
          `${title} has no snapshot "${snapshot}"${didYouMean(snapshot, names)}: \`spillway snapshots list\` shows what it has`,
        );
      }
      if (options.force !== true) refuseNeeded(found, snapshots, deployed);
      await flink.deleteSnapshot(observed.name, found);
      await waitUntil(`snapshot ${snapshot} to be gone`, UNTIL_DELETED_MS, POLL_EVERY_MS, async () =>
        (await flink.snapshots(observed.name)).some(({ name }) => name === snapshot)
          ? { done: false, missing: 'it is there' }
          : { done: true, value: undefined },
      );
    });
    const outcome = {
      ...{ command: 'snapshots delete', application: deployed.application, environment: environment.name },
      ...{ changed: true, text: `snapshot ${snapshot} of ${title} is deleted`, facts: { snapshot } },
    };
    return actionOutput(outcome, options.json);
  });
}

/** What is stopped has its state in its latest snapshot, and nowhere else. */
function refuseNeeded(wanted: Snapshot, snapshots: readonly Snapshot[], { observed, title }: Deployed): void {
  const latest = snapshots.find(({ status }) => status === 'READY');
  if (observed.status === 'RUNNING' || latest?.name !== wanted.name) return;
  throw new UserFault(
    `${title} is ${observed.status}, and ${wanted.name} is the snapshot that it goes on from: start it first, or add ` +
      '--force, and its state is lost',
  );
}

async function at(
  command: string,
  application: string | undefined,
  options: SnapshotOptions,
  streams: Streams,
  work: (deployed: Deployed, place: Place) => Promise<string>,
): Promise<number> {
  const name = application ?? onlyApplication(options.definitions, command);
  const place = await openPlace(options, streams);
  try {
    streams.stdout.write(await work(await findDeployed(name, place, options), place));
    return EXIT_DONE;
  } finally {
    place.close();
  }
}
