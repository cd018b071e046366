import type { Environment } from '../definition/environments';
import type { ParameterTexts } from '../definition/parameter-values';
import type { Definition } from '../definition/read-definition';
import { usageRetentionSeconds } from '../definition/retention';
import type { Release } from '../release/build-release';
import { functionArguments } from '../release/function-arguments';
import { changedCode, readRelease, type ReleaseInBucket } from '../release/deployed-release';
import type { RunnerOptions } from '../release/run-runner';
import { desiredOf } from '../rollout/desired';
import type { ManagedFlink, ObservedApplication } from '../service/application';
import type { CodeStore } from '../service/code-store';
import type { Control } from '../service/control';
import { readJobHealth } from '../service/flink-job';
import { UserFault } from '../user-fault';
import { sqlMayDiffer } from './changes';
import { judgeReleases } from '../verdict/judge-releases';
import { compareReleases, type Comparison } from './compare-releases';
import { makePlan } from './make-plan';
import type { Plan } from './plan';
import type { ObservedWorld, PlanInput, PlanOptions } from './plan-input';
import { liveSlot, otherSlot, slotName } from './slots';
import { renderSql } from '../release/compile-plan';

/** What a plan is read from. */
export interface World {
  definition: Definition;
  environment: Environment;
  parameters: ParameterTexts;
  release: Release;
  flink: ManagedFlink;
  code: CodeStore;
  control: Control;
  runner: RunnerOptions;
  madeBy: string;
  now: Date;
}

/** Enough to find the last start, stop and update among what else happened. */
const OPERATIONS = 50;
const HISTORY = 10;

/** Reads what is there and plans. Writes nothing but what it keeps on this machine. */
export async function readPlan(world: World, options: PlanOptions): Promise<Plan> {
  const { definition, environment, release, parameters, control } = world;
  const [generations, rollout, lock, history] = await Promise.all([
    control.generations(),
    control.rollout(),
    control.readLock(),
    control.history(HISTORY),
  ]);
  const { name, settings } = desiredOf(definition, environment, release, parameters);
  const slot = liveSlot(generations.generations);
  const { observed, deployed } = await observe(world, slotName(name, slot), slotName(name, otherSlot(slot)));
  const wanted: PlanInput['wanted'] = {
    settings,
    tags: environment.tags ?? {},
    releaseHash: release.hash,
    files: definition.files,
    sql: undefined,
  };
  const compared = sqlMayDiffer(observed, wanted) ? await compare(world, observed, deployed) : undefined;
  return makePlan({
    application: definition.name,
    environment,
    serviceName: name,
    madeBy: world.madeBy,
    now: world.now,
    wanted: { ...wanted, sql: compared?.to },
    observed: { ...observed, deployed: observed.deployed && { ...observed.deployed, sql: compared?.from } },
    generations,
    rollout,
    lock,
    history,
    verdicts: compared?.verdicts ?? [],
    usageRetentionSeconds: usageRetentionSeconds(environment),
    options,
  });
}

async function observe(
  { flink, code, environment, release, definition, runner }: World,
  liveName: string,
  freeName: string,
): Promise<{ observed: ObservedWorld; deployed: ReleaseInBucket | undefined }> {
  const [live, free] = await Promise.all([flink.describe(liveName), flink.describe(freeName)]);
  if (live === undefined) return { observed: nothing(free), deployed: undefined };
  const same = live.codeKey === release.key;
  const tags = Object.keys(environment.tags ?? {}).length > 0;
  const [snapshots, operations, observedTags, jobState, deployed] = await Promise.all([
    flink.snapshots(live.name),
    flink.operations(live.name, OPERATIONS),
    tags ? flink.tags(live) : {},
    jobStateOf(flink, live),
    same ? undefined : readRelease(code, live.codeKey, runner.workFolder),
  ]);
  const files = same ? definition.files : deployed?.files;
  const changed = deployed === undefined ? [] : changedCode(deployed.entries, release.entries);
  return {
    observed: {
      ...{ live, free, tags: observedTags, snapshots, operations, jobState },
      deployed: files && { files, sql: undefined, changedCode: changed },
    },
    deployed,
  };
}

/** Where nothing runs yet, or what runs cannot be read, the wanted SQL alone is shown. */
async function compare(
  { definition, parameters, runner }: World,
  { live, deployed: observed }: ObservedWorld,
  deployed: ReleaseInBucket | undefined,
): Promise<Partial<Comparison> & Pick<Comparison, 'to'>> {
  if (live === undefined || observed === undefined)
    return { to: await renderSql(definition, parameters, runner) };
  // The JAR of a release is a runner too; the one at hand is as good where the code is the same.
  const own = deployed !== undefined && observed.changedCode.length > 0;
  return compareReleases(
    {
      name: definition.name,
      files: observed.files,
      parameters: live.parameters,
      runner: own ? { ...runner, runnerJar: deployed.jar } : runner,
    },
    { name: definition.name, files: definition.files, parameters, runner },
    judgeReleases(functionArguments(runner.runnerJar)),
  );
}

/** Flink's own word; undefined where the job does not run or Flink does not tell. */
async function jobStateOf(
  flink: ManagedFlink,
  { name, status }: ObservedApplication,
): Promise<string | undefined> {
  if (status !== 'RUNNING') return undefined;
  try {
    return (await readJobHealth(await flink.flinkPage(name)))?.state;
  } catch (fault) {
    if (fault instanceof UserFault) return undefined;
    throw fault;
  }
}

function nothing(free: ObservedApplication | undefined): ObservedWorld {
  return {
    ...{
      live: undefined,
      free,
      tags: {},
      snapshots: [],
      operations: [],
      deployed: undefined,
      jobState: undefined,
    },
  };
}
