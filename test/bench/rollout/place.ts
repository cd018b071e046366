import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeApplicationCommand,
  KinesisAnalyticsV2Client,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { destroyClients, localClients, type LocalClients } from '../../../infra/local/clients';
import { startFunctions } from '../../../infra/local/functions';
import { startManagedFlink } from '../../../infra/local/managed-flink/server';
import { createResources, type Resources } from '../../../infra/local/resources';
import type { LocalSystem } from '../../../infra/local/system';
import { type Generations, generations, generationsKey } from '../../../lambdas/contracts/generations';
import { clientSettings, type Environment } from '../../../lambdas/delivery/environment';
import { controlTable } from '../../../lambdas/suspender/control-table';
import { fixedLengthPolicy } from '../../../lambdas/suspender/default-policy';
import { removeApplication, spillway } from '../../end-to-end/throttle';
import { changeApplication, throttleWithout } from './definitions';
import type { ChangeName, Scenario } from './scenario';

/** An environment of its own with streams, functions and a folder of definitions, for one scenario. */
export interface Place {
  readonly clients: LocalClients;
  readonly resources: Resources;
  /** Lines of the functions' logs, as JSON. */
  readonly log: readonly string[];
  apply(parameters: Readonly<Record<string, string>>, ...more: readonly string[]): Promise<void>;
  /** Changes the files as a person would before the apply. */
  changeDefinition(change: ChangeName): void;
  /** The service's own update of what runs, with the state restored, as a script without a planner does it. */
  updateNaively(parameters: Readonly<Record<string, string>>): Promise<void>;
  generations(): Promise<Generations | undefined>;
  stop(): Promise<void>;
}

/** Long enough for no suspension to end inside a scenario. */
const SUSPENSION_SECONDS = 3_600;

export async function startPlace(system: LocalSystem, name: string, scenario: Scenario): Promise<Place> {
  const { flinkRestUrl } = system;
  if (flinkRestUrl === undefined) throw new Error('the local system was started without Flink');
  const folder = join(system.runFolder, 'rollout', name);
  mkdirSync(folder, { recursive: true });
  const endpoint = await startManagedFlink({
    flinkRestUrl,
    environment: system.environment,
    folder: join(folder, 'managed-flink'),
  });
  const environment = {
    ...system.environment,
    AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: endpoint.endpoint,
  };
  const clients = localClients(environment);
  const dynamodb = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const resources = await createResources(clients, name, 1);
  const log: string[] = [];
  await neverOpenTheBreaker(environment, resources.controlTable, name);
  const functions = await startFunctions({
    environment,
    resources,
    clients,
    tables: [],
    redisUrl: system.redisUrl,
    store: name,
    suspensionSeconds: SUSPENSION_SECONDS,
    log: (line) => log.push(JSON.stringify(line)),
    emitMetric: () => undefined,
    functions: new Map(),
  });
  const environments = join(folder, 'environments.json');
  writeFileSync(environments, JSON.stringify({ [name]: environmentOf(resources) }));
  const definitions = join(folder, 'flink-sql');
  const isAdding = scenario.change === 'added detection';
  const withoutAll = (): void => {
    throttleWithout(definitions, ['shared-key', 'burst'], ['share', 'burst_window', 'burst_limit']);
  };
  const withBurst = (): void => {
    throttleWithout(definitions, ['shared-key'], ['share']);
  };
  if (isAdding) withoutAll();
  else withBurst();
  return {
    clients,
    resources,
    log,
    apply: async (parameters, ...more) => {
      const place = ['--env', name, '--environments', environments, '--definitions', definitions];
      const values = Object.entries(parameters).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
      await spillway(['apply', 'throttle', ...place, ...values, ...more], environment);
    },
    changeDefinition: (change) => {
      if (change === 'added detection') withBurst();
      if (change === 'runtime update') {
        changeApplication(definitions, (file) => {
          file.runtime = 'FLINK-2_3';
        });
      }
    },
    updateNaively: (parameters) => updateNaively(environment, `spillway-${name}-throttle`, parameters),
    generations: () => readGenerations(dynamodb, resources.controlTable),
    stop: async () => {
      await functions.stop();
      for (const end of ['', '-green'])
        await removeApplication(environment, `spillway-${name}-throttle${end}`);
      destroyClients(clients);
      dynamodb.destroy();
      await endpoint.stop();
    },
  };
}

/** A subject of its own passes the limit each second: more than the built-in policy takes for anything but a mistake. */
async function neverOpenTheBreaker(environment: Environment, table: string, store: string): Promise<void> {
  const control = controlTable(environment, table, store);
  const policy = { ...fixedLengthPolicy(SUSPENSION_SECONDS), breaker: { suspensionsPerMinute: 100_000 } };
  const by = { who: 'bench rollout', reason: 'steady load', invocation: 'bench rollout' };
  await control.writePolicy({ policy, at: Date.now(), by });
  control.close();
}

function environmentOf(resources: Resources): object {
  const { usageStream: usage, excessStream: excess, setAsideStream: setAside } = resources;
  const { codeBucket, controlTable } = resources;
  return {
    region: 'us-east-1',
    account: '000000000000',
    codeBucket,
    controlTable,
    streams: { usage, excess, setAside },
    checkpointInterval: '2s',
  };
}

async function readGenerations(client: DynamoDBClient, TableName: string): Promise<Generations | undefined> {
  const { pk, sk } = generationsKey('throttle');
  const { Item } = await client.send(
    new GetItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
  );
  const text = Item?.['document']?.S;
  return text === undefined ? undefined : generations.parse(JSON.parse(text));
}

async function updateNaively(
  environment: Environment,
  ApplicationName: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const client = new KinesisAnalyticsV2Client(clientSettings(environment, 'KINESIS_ANALYTICS_V2'));
  try {
    const { ApplicationDetail } = await client.send(new DescribeApplicationCommand({ ApplicationName }));
    const groups =
      ApplicationDetail?.ApplicationConfigurationDescription?.EnvironmentPropertyDescriptions
        ?.PropertyGroupDescriptions ?? [];
    await client.send(
      new UpdateApplicationCommand({
        ApplicationName,
        CurrentApplicationVersionId: ApplicationDetail?.ApplicationVersionId,
        ApplicationConfigurationUpdate: {
          EnvironmentPropertyUpdates: {
            PropertyGroups: groups.map(({ PropertyGroupId, PropertyMap }) => ({
              PropertyGroupId,
              PropertyMap: { ...PropertyMap, ...parameters },
            })),
          },
        },
      }),
    );
  } finally {
    client.destroy();
  }
}
