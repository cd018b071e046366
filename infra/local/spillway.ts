import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { join } from 'node:path';
import { createGuard, type Guard, type GuardOptions } from '../../guard';
import { clientSettings, type Environment } from '../../lambdas/delivery/environment';
import type { Log } from '../../lambdas/delivery/log';
import { destroyClients, localClients, type LocalClients } from './clients';
import { recordConsumedCapacity } from './cloudwatch/consumed-capacity';
import { startCloudWatch } from './cloudwatch/server';
import type { Handler } from './event-sources/invoke';
import { createDocumentsTable, documentsTable } from './example/documents-table';
import { type DeliveryStream, startDeliveryStream } from './firehose/delivery-stream';
import { type FunctionsProgress, startFunctions } from './functions';
import { startLambda } from './lambda/server';
import { startManagedFlink } from './managed-flink/server';
import { createResources, type Resources, streamArn as kinesisArn } from './resources';
import type { LocalSystem } from './system';

export interface LocalSpillwayOptions {
  /** Begins the names of its streams, queues and bucket, and names its store in Redis. */
  readonly name: string;
  readonly suspensionSeconds: number;
  /** Takes what people are told, as POST requests. @default nobody is told */
  readonly webhookUrl?: string | undefined;
  /** @default 2 */
  readonly usageShards?: number;
  /** Hears what the functions log. */
  readonly log: Log;
}

/** Spillway around the documents table on a local system: everything but the Flink application. */
export interface LocalSpillway {
  /** What the orchestrator and the SDKs need to reach it. */
  readonly environment: Environment;
  readonly resources: Resources;
  readonly clients: LocalClients;
  readonly dynamodb: DynamoDBClient;
  /** What takes usage to the archive's bucket. */
  readonly archive: Pick<DeliveryStream, 'delivered' | 'flush'>;
  /** How far the functions are. */
  progress(): FunctionsProgress;
  /** A guard on its store, not yet started; the caller stops it. */
  createGuard(options?: Omit<GuardOptions, 'redis' | 'store'>): Guard;
  /** Stops the functions, the endpoint and the clients; the servers and Flink's jobs go on. */
  stop(): Promise<void>;
}

/** Creates the resources and the table, and starts the functions and the Managed Flink endpoint. */
export async function startLocalSpillway(
  system: Pick<LocalSystem, 'environment' | 'redisUrl' | 'flinkRestUrl' | 'runFolder'>,
  options: LocalSpillwayOptions,
): Promise<LocalSpillway> {
  const { name, log } = options;
  if (system.flinkRestUrl === undefined) throw new Error('the local system was started without Flink');
  const running: (() => void | Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const end of running.reverse()) await end();
  };
  let stopped: Promise<void> | undefined;
  // Whoever asks second waits as well: the servers must not go before the functions that use them.
  const stop = (): Promise<void> => (stopped ??= stopAll());
  try {
    const managedFlink = await startManagedFlink({
      flinkRestUrl: system.flinkRestUrl,
      environment: system.environment,
      folder: join(system.runFolder, 'managed-flink', name),
    });
    running.push(() => managedFlink.stop());
    const cloudWatch = await startCloudWatch();
    running.push(() => cloudWatch.stop());
    const handlers = new Map<string, Handler<unknown>>();
    const lambda = await startLambda({ functions: handlers, log });
    running.push(() => lambda.stop());
    const environment = {
      ...system.environment,
      AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: managedFlink.endpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.endpoint,
      AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
    };
    const clients = localClients(environment);
    const dynamodb = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
    recordConsumedCapacity(dynamodb, cloudWatch.store);
    const streams = new DynamoDBStreamsClient(clientSettings(environment, 'DYNAMODB_STREAMS'));
    running.push(() => {
      destroyClients(clients);
      dynamodb.destroy();
      streams.destroy();
    });
    const [resources, streamArn] = await Promise.all([
      createResources(clients, name, options.usageShards ?? 2),
      createDocumentsTable(dynamodb),
    ]);
    // Before the functions, so that it ends after them, with what they put last.
    const archive = await startDeliveryStream({
      name: resources.archiveBucket,
      kinesis: clients.kinesis,
      streamArn: kinesisArn(resources.usageStream),
      s3: clients.s3,
      bucket: resources.archiveBucket,
      folder: join(system.runFolder, 'firehose', name),
      log,
    });
    running.push(() => archive.stop());
    const functions = await startFunctions({
      environment,
      resources,
      clients,
      tables: [{ ...documentsTable, streamArn, streams }],
      redisUrl: system.redisUrl,
      store: name,
      suspensionSeconds: options.suspensionSeconds,
      webhookUrl: options.webhookUrl,
      log,
      emitMetric: cloudWatch.addEmbeddedMetrics,
      functions: handlers,
    });
    running.push(() => functions.stop());
    return {
      environment,
      resources,
      clients,
      dynamodb,
      archive,
      progress: () => functions.progress(),
      createGuard: (guardOptions = {}) =>
        createGuard({ ...guardOptions, redis: system.redisUrl, store: name }),
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}
