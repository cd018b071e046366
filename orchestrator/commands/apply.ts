import { join } from 'node:path';
import { readEnvironment } from '../definition/environments';
import { parameterValues } from '../definition/parameter-values';
import { listApplications, readDefinition } from '../definition/read-definition';
import { buildRelease } from '../release/build-release';
import { type ApplyOutcome, applyJson, applyText, differencesText } from '../report/apply-report';
import { desiredOf } from '../rollout/desired';
import { performStep, type Rolling, settledApplication, untilHealthy } from '../rollout/perform';
import { rolloutSteps } from '../rollout/steps';
import { awsEnvironment } from '../service/aws-environment';
import { s3CodeStore } from '../service/code-store';
import { managedFlink } from '../service/managed-flink';
import { UserFault } from '../user-fault';
import { type ApplyOptions, parametersFrom } from './options';
import { EXIT_DONE, type Streams } from './streams';

/** `spillway apply [application]`: makes the application run as its files say, and waits until it is healthy. */
export async function apply(
  application: string | undefined,
  options: ApplyOptions,
  streams: Streams,
): Promise<number> {
  const startedMs = Date.now();
  const say = (line: string): void => void streams.stderr.write(`${line}\n`);
  const definition = readDefinition(options.definitions, application ?? onlyApplication(options.definitions));
  const environmentsFile = options.environments ?? join(options.definitions, 'environments.json');
  const environment = readEnvironment(environmentsFile, options.env);
  const parameters = parameterValues(definition, environment, parametersFrom(options.set ?? []));
  const variables = awsEnvironment(environment, streams.env, options.localState);
  const release = buildRelease(definition, options.runner);
  const desired = desiredOf(definition, environment, release, parameters);
  const flink = managedFlink(environment.region, variables);
  const code = s3CodeStore(environment.codeBucket, environment.region, variables);
  try {
    const rolling: Rolling = { flink, code, desired, release, say };
    const { differences, steps } = rolloutSteps(await settledApplication(rolling), desired);
    if (differences.length > 0) {
      say(`${desired.name} differs from what is wanted:\n${differencesText(differences)}`);
      say('its state is dropped: heat is counted anew, and what is written until it runs again is not seen');
    }
    for (const step of steps) await performStep(step, rolling);
    say(`waiting until ${desired.name} is healthy`);
    const job = await untilHealthy(rolling, steps.length > 0);
    const outcome: ApplyOutcome = {
      application: definition.name,
      environment,
      desired,
      releaseHash: release.hash,
      version: (await flink.describe(desired.name))?.version ?? 0,
      differences,
      steps: steps.map(({ kind }) => kind),
      job,
      tookSeconds: (Date.now() - startedMs) / 1000,
    };
    streams.stdout.write(options.json ? `${JSON.stringify(applyJson(outcome))}\n` : applyText(outcome));
    return EXIT_DONE;
  } finally {
    flink.close();
    code.close();
  }
}

function onlyApplication(definitions: string): string {
  const [first, ...others] = listApplications(definitions);
  if (first !== undefined && others.length === 0) return first;
  const there = first === undefined ? 'there is none' : `there are ${[first, ...others].join(', ')}`;
  throw new UserFault(
    `which application? Name one, such as \`spillway apply throttle\`; in ${definitions} ${there}`,
  );
}
