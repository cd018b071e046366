import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { destroyClients, localClients, type LocalClients } from '../../infra/local/clients';
import { startManagedFlink } from '../../infra/local/managed-flink/server';
import { createResources, type Resources } from '../../infra/local/resources';
import type { Environment } from '../../lambdas/delivery/environment';
import { main as orchestrator } from '../../orchestrator/main';
import {
  KinesisAnalyticsV2Client,
  DeleteApplicationCommand,
  DescribeApplicationCommand,
  StopApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import type { WarmSystem } from '../parts/warm-system';

/** The throttle application on streams of its own. */
export interface Throttle {
  readonly resources: Resources;
  readonly clients: LocalClients;
  readonly environment: Environment;
  readonly applicationName: string;
  stop(): Promise<void>;
}

type Parameters = Readonly<Record<string, string | number>>;

/**
 * Creates streams under the given name and rolls the throttle application out to them with the orchestrator, as a
 * person would: `spillway apply throttle --env <name> --set …`. What comes before it starts answers
 * where it begins to read: parameters that no one may `--set`, and a first rollout takes from the environment.
 */
export async function startThrottle(
  system: WarmSystem,
  name: string,
  parameters: Parameters,
  beforeItStarts: (clients: LocalClients, resources: Resources) => Promise<Parameters> = async () => ({}),
): Promise<Throttle> {
  const folder = join(system.runFolder, 'end-to-end', name);
  mkdirSync(folder, { recursive: true });
  const endpoint = await startManagedFlink({
    flinkRestUrl: system.flinkRestUrl,
    environment: system.environment,
    folder,
  });
  const environment = { ...system.environment, AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: endpoint.endpoint };
  const clients = localClients(environment);
  const applicationName = `spillway-${name}-throttle`;
  const stop = async (): Promise<void> => {
    await removeApplication(environment, applicationName);
    destroyClients(clients);
    await endpoint.stop();
  };
  try {
    const resources = await createResources(clients, name, 2);
    const start = await beforeItStarts(clients, resources);
    await applyThrottle(name, folder, environment, resources, parameters, start);
    return { resources, clients, environment, applicationName, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** `spillway apply throttle --env <name> --set …` on the given resources; its environments file goes to the folder. */
export async function applyThrottle(
  name: string,
  folder: string,
  environment: Environment,
  resources: Resources,
  parameters: Parameters,
  start: Parameters = {},
): Promise<void> {
  const environments = join(folder, 'environments.json');
  writeFileSync(environments, JSON.stringify({ [name]: environmentFor(resources, start) }));
  const settings = Object.entries(parameters).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  await spillway(
    ['apply', 'throttle', '--env', name, '--environments', environments, ...settings],
    environment,
  );
}

function environmentFor(resources: Resources, start: Parameters): object {
  const { usageStream: usage, excessStream: excess, setAsideStream: setAside } = resources;
  const { codeBucket, controlTable } = resources;
  return {
    region: 'us-east-1',
    account: '000000000000',
    codeBucket,
    controlTable,
    streams: { usage, excess, setAside },
    operatorFunction: 'operator',
    checkpointInterval: '2s',
    parameters: start,
  };
}

/** Runs one command line and gives its standard output; throws with what it said when it fails. */
export async function spillway(args: readonly string[], environment: Environment): Promise<string> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const said = Promise.all([text(stdout), text(stderr)]);
  const exitCode = await orchestrator(args, { stdin, stdout, stderr, env: environment });
  for (const stream of [stdin, stdout, stderr]) stream.end();
  const [results, talk] = await said;
  if (exitCode !== 0)
    throw new Error(`spillway ${args.join(' ')} ended with ${exitCode}:\n${talk}${results}`);
  return results;
}

/** Stops and deletes an application, whatever state it is in. */
export async function removeApplication(environment: Environment, ApplicationName: string): Promise<void> {
  const client = new KinesisAnalyticsV2Client({
    region: 'us-east-1',
    endpoint: environment['AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2'] ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const status = async (): Promise<string | undefined> => {
    const answer = await client
      .send(new DescribeApplicationCommand({ ApplicationName }))
      .catch(() => undefined);
    return answer?.ApplicationDetail?.ApplicationStatus;
  };
  try {
    if ((await status()) === 'RUNNING')
      await client.send(new StopApplicationCommand({ ApplicationName, Force: true }));
    const deadline = Date.now() + 60_000;
    for (
      let now = await status();
      now !== undefined && now !== 'READY' && Date.now() < deadline;
      now = await status()
    ) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const answer = await client
      .send(new DescribeApplicationCommand({ ApplicationName }))
      .catch(() => undefined);
    const created = answer?.ApplicationDetail?.CreateTimestamp;
    if (created !== undefined)
      await client.send(new DeleteApplicationCommand({ ApplicationName, CreateTimestamp: created }));
  } finally {
    client.destroy();
  }
}
