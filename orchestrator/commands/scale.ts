import { onlyApplication, readDefinition } from '../definition/read-definition';
import { actionOutput } from '../report/action-report';
import { historyEntry } from '../rollout/history-entry';
import { busyNow, operationDone } from '../rollout/operation-end';
import { withLock } from '../rollout/with-lock';
import type { ApplicationSettings } from '../service/application';
import { messageOf, UserFault } from '../user-fault';
import { type Deployed, findDeployed, openPlace, type Place, untilHealthy } from './open-place';
import type { CommonOptions } from './options';
import { EXIT_DONE, type Streams } from './streams';

export interface ScaleOptions extends CommonOptions {
  parallelism: string;
  perKpu?: string;
}

/** Flink's own max parallelism of small jobs; it is in their state, and more tasks than that cannot share it. */
const MAX_PARALLELISM = 128;
const MAX_PER_KPU = 8;

/** `spillway scale [application] --parallelism N`: more or fewer tasks, by a restart that carries the state. */
export async function scale(
  application: string | undefined,
  options: ScaleOptions,
  streams: Streams,
): Promise<number> {
  const parallelism = numberOf('--parallelism', options.parallelism, MAX_PARALLELISM);
  const perKpu =
    options.perKpu === undefined ? undefined : numberOf('--per-kpu', options.perKpu, MAX_PER_KPU);
  const name = application ?? onlyApplication(options.definitions, 'scale');
  const place = await openPlace(options, streams);
  try {
    const { control } = await findDeployed(name, place, options);
    const purpose = `scale to parallelism ${parallelism}`;
    const scaled = await withLock({ control, who: place.who, purpose }, async () =>
      scaleDeployed(await findDeployed(name, place, options), place, parallelism, perKpu, options),
    );
    const outcome = { command: 'scale', application: name, environment: place.environment.name, ...scaled };
    streams.stdout.write(actionOutput(outcome, options.json));
    return EXIT_DONE;
  } finally {
    place.close();
  }
}

interface Scaled {
  changed: boolean;
  text: string;
  notes?: readonly string[];
  facts: { from: Capacity; to: Capacity };
}

type Capacity = Pick<ApplicationSettings, 'parallelism' | 'parallelismPerKpu'>;

async function scaleDeployed(
  deployed: Deployed,
  place: Place,
  parallelism: number,
  perKpu: number | undefined,
  options: ScaleOptions,
): Promise<Scaled> {
  const { observed, title, application, generation, control } = deployed;
  const { flink, say, who } = place;
  if (observed.status !== 'RUNNING') throw new UserFault(await busyNow(flink, title, observed));
  const from = { parallelism: observed.parallelism, parallelismPerKpu: observed.parallelismPerKpu };
  const to = { parallelism, parallelismPerKpu: perKpu ?? observed.parallelismPerKpu };
  if (from.parallelism === to.parallelism && from.parallelismPerKpu === to.parallelismPerKpu) {
    return { changed: false, text: `nothing to do: ${title} has ${capacityText(to)}`, facts: { from, to } };
  }
  const changes = [`${capacityText(from)} -> ${capacityText(to)}`];
  const verdict = 'compatible' as const;
  const action = {
    ...{ who, action: 'scale', changes, verdict, rollout: 'restart' as const, startedAt: new Date() },
    ...{ observed, generation },
  };
  say(`scaling ${title} from ${changes.join('')}, with its state carried`);
  try {
    const id = await flink.update(observed, { ...observed, ...to }, 'latest');
    if (id !== undefined) await operationDone(flink, observed.name, id, `the restart of ${title}`);
    await untilHealthy(observed, place);
  } catch (fault) {
    const back = await takeBack(deployed, place).catch(messageOf);
    await control.addHistory(historyEntry(action, 'taken back', messageOf(fault)));
    const after = back ?? `it is taken back to ${capacityText(from)}`;
    throw new UserFault(`${messageOf(fault)}; ${after}`, { cause: fault });
  }
  const now = (await flink.describe(observed.name)) ?? observed;
  await control.addHistory(historyEntry({ ...action, observed: now }, 'done'));
  return {
    changed: true,
    text: `${title} runs with ${capacityText(to)} and is healthy`,
    notes: noteOfFiles(application, to, options),
    facts: { from, to },
  };
}

/** Back to the capacity before, from the snapshot that the update took. Answers nothing, or what was in the way. */
async function takeBack({ observed, title }: Deployed, { flink, say }: Place): Promise<undefined> {
  say(`taking ${title} back`);
  const now = await flink.describe(observed.name);
  if (now === undefined || now.version === observed.version) return undefined;
  if (now.status === 'RUNNING' || now.status === 'UPDATING') {
    const id = await flink.rollback(now);
    if (id !== undefined) await operationDone(flink, observed.name, id, `taking ${title} back`);
    return undefined;
  }
  await flink.update(now, observed, 'latest');
  await operationDone(
    flink,
    observed.name,
    await flink.start(observed.name, 'latest'),
    `the start of ${title}`,
  );
  return undefined;
}

/** The files are what apply makes true, so they should say the same. */
function noteOfFiles(application: string, to: Capacity, options: ScaleOptions): string[] {
  try {
    const { capacity } = readDefinition(options.definitions, application);
    if (capacity.parallelism === to.parallelism && capacity.parallelismPerKpu === to.parallelismPerKpu)
      return [];
    return [
      `${application}/application.json says ${capacityText(capacity)}: write the new capacity there, or the next apply takes it back`,
    ];
  } catch {
    // The files may be elsewhere, or broken: that is another command's business.
    return [];
  }
}

function capacityText({ parallelism, parallelismPerKpu }: Capacity): string {
  return `parallelism ${parallelism}, ${parallelismPerKpu} per KPU`;
}

function numberOf(option: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  const why =
    option === '--parallelism'
      ? `: a job's state is cut into ${MAX_PARALLELISM} parts, its max parallelism`
      : '';
  throw new UserFault(`${option} is "${text}", but it is a whole number from 1 to ${most}${why}`);
}
