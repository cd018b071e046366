import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../definition/environments';
import { parameterValues } from '../definition/parameter-values';
import { onlyApplication, readDefinition } from '../definition/read-definition';
import type { Plan } from '../plan/plan';
import { readPlanFile } from '../plan/plan-file';
import { withoutRolloutParameters } from '../plan/rollout-parameters';
import { buildRelease } from '../release/build-release';
import { applyJson, applyText } from '../report/apply-report';
import { paintFor } from '../report/paint';
import { planText } from '../report/plan-report';
import { endingOf, endInterrupted, performShown } from '../rollout/apply-plan';
import { desiredOf } from '../rollout/desired';
import type { RolloutOutcome } from '../rollout/perform-plan';
import { sameSettings } from '../rollout/same-settings';
import { settled } from '../rollout/settled';
import { UserFault } from '../user-fault';
import { SPILLWAY_VERSION } from '../version';
import { applied, type Applied } from './applied';
import { confirm } from './confirm';
import { type Opened, openRollout } from './open-rollout';
import { type ApplyCommandOptions, parametersFrom } from './options';
import { makePlanOf } from './plan';
import { EXIT_DECLINED, EXIT_DONE, EXIT_FAILED, type Streams } from './streams';

/**
 * `spillway apply [application|plan file]`: performs a plan, the one of the file or one it makes and shows. Ends an
 * interrupted rollout before that.
 */
export async function apply(
  what: string | undefined,
  options: ApplyCommandOptions,
  streams: Streams,
): Promise<number> {
  const startedMs = Date.now();
  const frozen = planOfFile(what, options);
  const wanted = wantedOf(frozen?.application ?? what, frozen, options);
  const { definition, environment, release } = wanted;
  const opened = await openRollout(definition.name, environment, release, options, streams);
  try {
    const ended = await endWhatWasInterrupted(wanted, options, opened);
    if (ended !== undefined) {
      const isOver = options.takeBack || ended.outcome === 'done' || wanted.isStillWanted(ended.plan);
      if (isOver) return await report(ended, startedMs, options, opened, streams);
    }
    if (options.takeBack) {
      streams.stdout.write(`nothing to take back: no rollout of ${definition.name} was interrupted\n`);
      return EXIT_DONE;
    }
    const makePlan = (): Promise<Plan> => makePlanOf(definition.name, options, streams);
    if (frozen !== undefined) return await perform(frozen, 'apply', options, opened, streams, startedMs);
    return await performAsked(makePlan, 'apply', options, opened, streams, startedMs);
  } finally {
    opened.close();
  }
}

/** Makes a plan, shows it, asks a person where there is one, and performs exactly it. Answers the exit code. */
export async function performAsked(
  makePlan: () => Promise<Plan>,
  action: 'apply' | 'rollback',
  options: ApplyCommandOptions,
  opened: Opened,
  streams: Streams,
  startedMs = Date.now(),
): Promise<number> {
  const plan = await shownPlan(makePlan, opened, streams);
  if (plan.steps.length > 0 && !options.yes && !(await confirm('perform this?', streams))) {
    opened.progress.say('nothing was changed');
    return EXIT_DECLINED;
  }
  return perform(plan, action, options, opened, streams, startedMs);
}

async function perform(
  plan: Plan,
  action: 'apply' | 'rollback',
  options: ApplyCommandOptions,
  opened: Opened,
  streams: Streams,
  startedMs: number,
): Promise<number> {
  const { locked, who } = opened;
  const outcome: RolloutOutcome =
    plan.steps.length === 0
      ? { plan, outcome: 'done', tookSeconds: 0 }
      : await locked(purposeOf(plan), (rolling, held) =>
          performShown(plan, rolling.control, rolling, held, { who, action }),
        );
  return report(outcome, startedMs, options, opened, streams);
}

/** What the files and the options want. */
interface Wanted {
  definition: ReturnType<typeof readDefinition>;
  environment: ReturnType<typeof readEnvironment>;
  release: ReturnType<typeof buildRelease>;
  /** Whether a plan that was begun leads there. */
  isStillWanted(plan: Plan): boolean;
}

function wantedOf(
  application: string | undefined,
  frozen: Plan | undefined,
  options: ApplyCommandOptions,
): Wanted {
  const name = application ?? onlyApplication(options.definitions, 'apply');
  const definition = readDefinition(options.definitions, name);
  const environmentsFile = options.environments ?? join(options.definitions, 'environments.json');
  const environment = readEnvironment(environmentsFile, options.env);
  const release = buildRelease(definition, options.runner);
  if (frozen !== undefined) {
    if (release.hash !== frozen.releaseHash) {
      throw new UserFault(
        `the files of ${name} changed since the plan was made: they are release ${release.hash}, the plan's is ` +
          `${frozen.releaseHash}. Plan again, or put the files back`,
      );
    }
    return { definition, environment, release, isStillWanted: ({ id }) => id === frozen.id };
  }
  const parameters = parameterValues(definition, environment, parametersFrom(options.set ?? []));
  const settings = withoutRolloutParameters(desiredOf(definition, environment, release, parameters).settings);
  return {
    definition,
    environment,
    release,
    isStillWanted: ({ desired, rollout }) =>
      sameSettings(desired, settings) &&
      (options.rollout === undefined || options.rollout === rollout) &&
      (options.shadow === true) === (rollout === 'shadow'),
  };
}

/** The plan that the file holds; undefined where an application is named. */
function planOfFile(what: string | undefined, options: ApplyCommandOptions): Plan | undefined {
  if (what === undefined || !(what.endsWith('.json') || what.includes('/') || isFile(what))) return undefined;
  const plan = readPlanFile(what, SPILLWAY_VERSION);
  if (plan.environment !== options.env) {
    throw new UserFault(`${what} is a plan for ${plan.environment}: say --env ${plan.environment}`);
  }
  if (options.set !== undefined || options.rollout !== undefined || options.shadow === true) {
    throw new UserFault(
      `${what} is performed as it is: leave --set, --rollout and --shadow to \`spillway plan\``,
    );
  }
  return plan;
}

function isFile(path: string): boolean {
  return existsSync(path) && !existsSync(join(path, 'application.json'));
}

async function endWhatWasInterrupted(
  { isStillWanted }: Wanted,
  { takeBack }: ApplyCommandOptions,
  { rolling, locked, who }: Opened,
): Promise<RolloutOutcome | undefined> {
  if ((await rolling.control.rollout()) === undefined) return undefined;
  return locked('ending an interrupted rollout', async (under, held) => {
    const record = await rolling.control.rollout();
    if (record === undefined) return undefined;
    const ending = endingOf(record, { isStillWanted, takeBack });
    return endInterrupted(record, ending, under, held, { who, action: 'apply' });
  });
}

/** Makes the plan once the service is done with what it does, and shows it. */
async function shownPlan(
  makePlan: () => Promise<Plan>,
  { rolling, progress }: Opened,
  streams: Streams,
): Promise<Plan> {
  let plan = await makePlan();
  const now = await settled(plan.serviceName, rolling.operationLimitSeconds, rolling);
  if (now?.status !== plan.observed?.status) plan = await makePlan();
  if (plan.steps.length > 0) {
    progress.say(planText(plan, 'this is performed now', paintFor(streams.stderr, streams.env)).trimEnd());
  }
  return plan;
}

function purposeOf({ rollout, application, environment }: Plan): string {
  return `${rollout} of ${application} (${environment})`;
}

async function report(
  outcome: RolloutOutcome,
  startedMs: number,
  options: ApplyCommandOptions,
  { rolling, progress }: Opened,
  streams: Streams,
): Promise<number> {
  const result: Applied = await applied(outcome, rolling, (Date.now() - startedMs) / 1_000);
  progress.end();
  const { outcome: how } = outcome;
  if (options.json) streams.stdout.write(`${JSON.stringify(applyJson(result))}\n`);
  else if (how === 'done') streams.stdout.write(applyText(result));
  if (how === 'done') return EXIT_DONE;
  streams.stderr.write(`spillway: ${applyText(result)}`);
  return EXIT_FAILED;
}
