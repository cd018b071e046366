import { didYouMean } from '../definition/did-you-mean';
import { parameterValues } from '../definition/parameter-values';
import { durationSeconds } from '../definition/parameters';
import { onlyApplication, readDefinition } from '../definition/read-definition';
import { CHOOSABLE } from '../plan/choose-rollout';
import type { Plan, RolloutKind } from '../plan/plan';
import { writePlanFile } from '../plan/plan-file';
import type { PlanOptions } from '../plan/plan-input';
import { readPlan } from '../plan/read-world';
import { refuseRolloutParameters } from '../plan/rollout-parameters';
import { buildRelease } from '../release/build-release';
import { paintFor } from '../report/paint';
import { planJson, planText } from '../report/plan-report';
import { s3CodeStore } from '../service/code-store';
import { dynamoDbControl } from '../service/control-table';
import { managedFlink } from '../service/managed-flink';
import { UserFault } from '../user-fault';
import { SPILLWAY_VERSION } from '../version';
import { environmentOf, guardedVariables } from './open-place';
import { parametersFrom, type PlanCommandOptions } from './options';
import { EXIT_CHANGES, EXIT_DONE, type Streams } from './streams';

/** `spillway plan [application]`: what an apply would change, how, and at what cost. Writes nothing there. */
export async function plan(
  application: string | undefined,
  options: PlanCommandOptions,
  streams: Streams,
): Promise<number> {
  const made = await makePlanOf(application, options, streams);
  if (options.out !== undefined) writePlanFile(options.out, made);
  const text = options.json
    ? `${JSON.stringify(planJson(made))}\n`
    : planText(made, nextCommand(made, options), paintFor(streams.stdout, streams.env));
  streams.stdout.write(text);
  return made.steps.length > 0 ? EXIT_CHANGES : EXIT_DONE;
}

/** Reads the files and the world, and plans: what `plan` shows and an `apply` without a file performs. */
export async function makePlanOf(
  application: string | undefined,
  options: PlanCommandOptions,
  streams: Streams,
): Promise<Plan> {
  const asked = planOptions(options);
  const definition = readDefinition(
    options.definitions,
    application ?? onlyApplication(options.definitions, 'plan'),
  );
  const environment = environmentOf(options);
  const given = parametersFrom(options.set ?? []);
  refuseRolloutParameters([...given.keys()]);
  const parameters = parameterValues(definition, environment, given);
  const { variables } = await guardedVariables(environment, options, streams);
  const { region, codeBucket, controlTable } = environment;
  const release = buildRelease(definition, options.runner);
  const flink = managedFlink(region, variables);
  const code = s3CodeStore(codeBucket, region, variables);
  const control = dynamoDbControl(definition.name, controlTable, region, variables);
  try {
    const runner = { runnerJar: options.runner, workFolder: options.workFolder };
    const now = new Date();
    const world = { definition, environment, parameters, release, flink, code, control, runner };
    return await readPlan({ ...world, madeBy: SPILLWAY_VERSION, now }, asked);
  } finally {
    flink.close();
    code.close();
    control.close();
  }
}

/** How a plan is to be made, from the options of the command line. Throws what one of them is not. */
export function planOptions({ rollout, shadow, maxPause, acceptGap }: PlanCommandOptions): PlanOptions {
  const maxPauseSeconds = maxPause === undefined ? undefined : durationSeconds(maxPause);
  if (maxPause !== undefined && maxPauseSeconds === undefined) {
    throw new UserFault(`--max-pause ${maxPause}: write whole seconds or minutes, such as 10s or 2m`);
  }
  return { rollout: rolloutKind(rollout), shadow, maxPauseSeconds, acceptGap };
}

function rolloutKind(text: string | undefined): RolloutKind | undefined {
  if (text === undefined) return undefined;
  const kind = CHOOSABLE.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new UserFault(
    `--rollout ${text}: there is no such rollout${didYouMean(text, CHOOSABLE)}; there are ${CHOOSABLE.join(', ')}`,
  );
}

/** What performs this plan: exactly it where it was written, else one made the same way. */
function nextCommand({ application, environment }: Plan, options: PlanCommandOptions): string {
  const env = `--env ${environment}`;
  if (options.out !== undefined) return `spillway apply ${options.out} ${env}`;
  const set = (options.set ?? []).map((assignment) => ` --set ${assignment}`).join('');
  const flags = [
    ...(options.rollout === undefined ? [] : [` --rollout ${options.rollout}`]),
    ...(options.shadow === true ? [' --shadow'] : []),
    ...(options.maxPause === undefined ? [] : [` --max-pause ${options.maxPause}`]),
    ...(options.acceptGap === true ? [' --accept-gap'] : []),
  ];
  return `spillway apply ${application} ${env}${set}${flags.join('')}`;
}
