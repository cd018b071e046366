import { join } from 'node:path';
import { type Environment, readEnvironment } from '../definition/environments';
import { listApplications } from '../definition/read-definition';
import { type ApplicationStatusReport, statusJson, statusText } from '../report/status-report';
import { serviceName } from '../rollout/desired';
import { gatesOf } from '../rollout/gates';
import type { ManagedFlink } from '../service/application';
import { awsEnvironment } from '../service/aws-environment';
import { readJobHealth } from '../service/flink-job';
import { managedFlink } from '../service/managed-flink';
import type { CommonOptions } from './options';
import { EXIT_DONE, type Streams } from './streams';

/** `spillway status [application]`: what runs, which release, and how it is doing. Changes nothing. */
export async function status(
  application: string | undefined,
  options: CommonOptions,
  streams: Streams,
): Promise<number> {
  const environmentsFile = options.environments ?? join(options.definitions, 'environments.json');
  const environment = readEnvironment(environmentsFile, options.env);
  const variables = awsEnvironment(environment, streams.env, options.localState);
  const flink = managedFlink(environment.region, variables);
  try {
    const applications = application === undefined ? listApplications(options.definitions) : [application];
    const reports: ApplicationStatusReport[] = [];
    for (const name of applications) reports.push(await reportOf(name, environment, flink));
    streams.stdout.write(options.json ? `${JSON.stringify(statusJson(reports))}\n` : statusText(reports));
    return EXIT_DONE;
  } finally {
    flink.close();
  }
}

async function reportOf(
  application: string,
  environment: Environment,
  flink: ManagedFlink,
): Promise<ApplicationStatusReport> {
  const name = serviceName(application, environment);
  const observed = await flink.describe(name);
  const running = observed?.status === 'RUNNING';
  const job = running ? await readJobHealth(await flink.flinkPage(name)) : undefined;
  return {
    application,
    environment: environment.name,
    serviceName: name,
    observed,
    job,
    gates: running ? gatesOf(observed.status, job) : [],
  };
}
