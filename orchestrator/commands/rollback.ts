import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applicationFile } from '../definition/application-file';
import { type Environment, readEnvironment } from '../definition/environments';
import { onlyApplication } from '../definition/read-definition';
import type { Plan } from '../plan/plan';
import { readPlan } from '../plan/read-world';
import { type Release, releaseOfKey } from '../release/build-release';
import { readRelease } from '../release/deployed-release';
import type { Rolling } from '../rollout/rolling';
import type { HistoryEntry } from '../service/control';
import { UserFault } from '../user-fault';
import { SPILLWAY_VERSION } from '../version';
import { performAsked } from './apply';
import { openRollout } from './open-rollout';
import type { RollbackCommandOptions } from './options';
import { planOptions } from './plan';
import type { Streams } from './streams';

/**
 * `spillway rollback [application]`: goes back to the release and the settings of an earlier generation. It is a plan
 * like any other: state is carried only where the two releases' compiled plans allow it, else the window is read again.
 */
export async function rollback(
  application: string | undefined,
  options: RollbackCommandOptions,
  streams: Streams,
): Promise<number> {
  const name = application ?? onlyApplication(options.definitions, 'rollback');
  const environmentsFile = options.environments ?? join(options.definitions, 'environments.json');
  const environment = readEnvironment(environmentsFile, options.env);
  // The releases of the history are in the bucket: there is no other to put there.
  const opened = await openRollout(name, environment, undefined, options, streams);
  try {
    if ((await opened.rolling.control.rollout()) !== undefined) {
      throw new UserFault(
        `a rollout of ${name} was interrupted: end it with \`spillway apply ${name} --take-back\`, then go back further`,
      );
    }
    const target = await targetOf(name, options.to, opened.rolling);
    opened.progress.say(
      `back to generation ${target.generation}, release ${target.releaseHash ?? '?'}, of ${target.at.toISOString()}`,
    );
    const makePlan = (): Promise<Plan> => planBack(name, target, environment, options, opened.rolling);
    return await performAsked(makePlan, 'rollback', options, opened, streams);
  } finally {
    opened.close();
  }
}

type Target = HistoryEntry & { settings: NonNullable<HistoryEntry['settings']> };

/** How far back is looked. */
const HISTORY = 200;

/** What ran as the given generation; without one, what ran before what runs now. */
async function targetOf(name: string, to: string | undefined, { control }: Rolling): Promise<Target> {
  const done = (await control.history(HISTORY)).filter(
    (entry): entry is Target => entry.outcome === 'done' && entry.settings !== undefined,
  );
  const current = done[0]?.generation;
  const earlier = done.filter(({ generation }) => generation !== current);
  const found = to === undefined ? earlier[0] : done.find(({ generation }) => String(generation) === to);
  if (found !== undefined) return found;
  const known = [...new Set(earlier.map(({ generation }) => generation))];
  const there = known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`;
  throw new UserFault(
    to === undefined
      ? `${name} has no earlier generation to go back to`
      : `--to ${to}: the history of ${name} knows no such generation; ${there}`,
  );
}

/** The plan from what runs to what ran then. */
async function planBack(
  name: string,
  { settings }: Target,
  environment: Environment,
  options: RollbackCommandOptions,
  { flink, code, control }: Rolling,
): Promise<Plan> {
  const found = await readRelease(code, settings.codeKey, options.workFolder);
  const hash = releaseOfKey(settings.codeKey)?.hash;
  if (found === undefined || hash === undefined) {
    throw new UserFault(
      `the release ${settings.codeKey} is not in s3://${settings.bucket} any more: check its files out and apply them`,
    );
  }
  const file = applicationFile.parse(JSON.parse(found.files.get('application.json') ?? '{}'));
  const { runtime, parallelism, parallelismPerKpu, parameters, checkpointIntervalSeconds } = settings;
  const capacity = { parallelism, parallelismPerKpu };
  const release: Release = {
    ...{ application: name, hash, key: settings.codeKey, entries: found.entries },
    jar: () => readFileSync(found.jar),
  };
  return readPlan(
    {
      definition: { ...file, runtime: runtime as typeof file.runtime, capacity, files: found.files },
      environment: { ...environment, checkpointInterval: `${checkpointIntervalSeconds}s` },
      parameters,
      release,
      ...{ flink, code, control },
      runner: { runnerJar: options.runner, workFolder: options.workFolder },
      madeBy: SPILLWAY_VERSION,
      now: new Date(),
    },
    planOptions(options),
  );
}
