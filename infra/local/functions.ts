import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createHandler as createAlerter } from '../../lambdas/alerter/handler';
import type { Environment } from '../../lambdas/delivery/environment';
import type { Log } from '../../lambdas/delivery/log';
import type { EmitMetric } from '../../lambdas/delivery/metrics';
import { createHandler as createEstimator } from '../../lambdas/estimator/handler';
import { createHandler as createNotifier } from '../../lambdas/notifier/handler';
import { createHandler as createOperator } from '../../lambdas/operator/handler';
import { createHandler as createSetAside } from '../../lambdas/set-aside/handler';
import { createHandler as createSuspender } from '../../lambdas/suspender/handler';
import { startDynamoDbStreamSource } from './event-sources/dynamodb-stream';
import { startKinesisSource } from './event-sources/kinesis';
import type { Handler } from './event-sources/invoke';
import type { ShardProgress } from './event-sources/shard-reader';
import { startSchedule } from './event-sources/schedule';
import { startSqsSource } from './event-sources/sqs';
import type { StreamSource } from './event-sources/stream-source';
import { failedBatchBucket } from './lambda/failed-batch-bucket';
import { type Resources, streamArn } from './resources';

/** One table whose stream is read, and how its changes are read. */
export interface StreamedTable {
  readonly name: string;
  readonly streamArn: string;
  readonly streams: DynamoDBStreamsClient;
  /** Subject template, `{app_id}`. */
  readonly subject: string;
}

export interface FunctionsOptions {
  /** Region, credentials and endpoints, under the names the AWS SDKs know. */
  readonly environment: Environment;
  readonly resources: Resources;
  readonly clients: { readonly kinesis: KinesisClient; readonly sqs: SQSClient; readonly s3: S3Client };
  readonly tables: readonly StreamedTable[];
  readonly redisUrl: string;
  readonly store: string;
  readonly suspensionSeconds: number;
  /** Takes what people are told. @default nobody is told */
  readonly webhookUrl?: string | undefined;
  readonly log: Log;
  /** Takes the metrics that functions write to their output. */
  readonly emitMetric: EmitMetric;
  /** Gets each function by its name, for whoever invokes it. */
  readonly functions: Map<string, Handler<unknown>>;
}

/** How far each function is with what it reads. */
export interface FunctionsProgress {
  /** The shards of all tables' streams. */
  readonly estimator: readonly ShardProgress[];
  readonly alerter: readonly ShardProgress[];
  /** Messages handled, and left in the queue to come again. */
  readonly suspender: { readonly deleted: number; readonly left: number };
}

export interface RunningFunctions {
  progress(): FunctionsProgress;
  /** Stops them, the first ones first, so that what is under way still gets through. */
  stop(): Promise<void>;
}

/** How soon the local sources look again when a stream had nothing: below Lambda's own, so that a demo is lively. */
const pollIntervalMs = 200;

/** In an account a schedule invokes it each minute, which is the shortest that EventBridge has. */
const sweepEveryMs = 5_000;

/** A Kinesis shard bears five reads a second, and the excess stream has another reader that shows what passes. */
const kinesisPollIntervalMs = 400;

/** As often as Lambda polls a shard. */
const setAsidePollIntervalMs = 1_000;

/**
 * Runs the functions on their event sources, set as they are in an account: the estimator's batches stay
 * whole, the others report the items that failed.
 */
export async function startFunctions(options: FunctionsOptions): Promise<RunningFunctions> {
  const { environment, resources, clients, log } = options;
  const running: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of running) await part.stop();
  };
  try {
    if (options.webhookUrl !== undefined)
      running.unshift(...(await startNotifier(options, options.webhookUrl)));
    const ofTheStore = {
      ...environment,
      SPILLWAY_REDIS_URL: options.redisUrl,
      SPILLWAY_STORE: options.store,
      SPILLWAY_SUSPENSION_SECONDS: String(options.suspensionSeconds),
      SPILLWAY_CONTROL_TABLE: resources.controlTable,
      ...(options.webhookUrl === undefined
        ? {}
        : { SPILLWAY_NOTIFICATION_QUEUE_URL: resources.notificationQueueUrl }),
    };
    const operator = createOperator(ofTheStore, log, options.emitMetric);
    running.unshift({ stop: () => operator.close() });
    options.functions.set('operator', operator);
    running.unshift(
      startSchedule(operator, { version: 1, who: 'schedule', ask: { action: 'sweep' } }, sweepEveryMs, log),
    );
    const suspender = createSuspender(ofTheStore, log, options.emitMetric);
    running.unshift({ stop: () => suspender.close() });
    const requests = await startSqsSource({
      client: clients.sqs,
      queueUrl: resources.requestQueueUrl,
      handler: suspender,
      functionName: 'suspender',
      reportBatchItemFailures: true,
      log,
    });
    running.unshift(requests);
    const alerter = createAlerter(
      {
        ...environment,
        SPILLWAY_REQUEST_QUEUE_URL: resources.requestQueueUrl,
        SPILLWAY_SET_ASIDE_STREAM: resources.setAsideStream,
        SPILLWAY_CONTROL_TABLE: resources.controlTable,
      },
      log,
      options.emitMetric,
    );
    running.unshift({ stop: async () => alerter.close() });
    const excesses = await startKinesisSource({
      client: clients.kinesis,
      streamArn: streamArn(resources.excessStream),
      handler: alerter,
      functionName: 'alerter',
      startingPosition: 'TRIM_HORIZON',
      reportBatchItemFailures: true,
      pollIntervalMs: kinesisPollIntervalMs,
      log,
    });
    running.unshift(excesses);
    running.unshift(await startSetAside(options));
    const changes = await startEstimator(options, running);
    return {
      progress: () => ({
        estimator: changes.flatMap((source) => source.progress()),
        alerter: excesses.progress(),
        suspender: requests.progress(),
      }),
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** The function that tells people, behind its queue; what is first in the list stops first. */
async function startNotifier(
  { environment, resources, clients, store, log, emitMetric }: FunctionsOptions,
  webhookUrl: string,
): Promise<{ stop(): Promise<void> }[]> {
  const notifier = createNotifier(
    {
      ...environment,
      SPILLWAY_STORE: store,
      SPILLWAY_NOTIFY_WEBHOOK_URL: webhookUrl,
      SPILLWAY_CONTROL_TABLE: resources.controlTable,
    },
    log,
    emitMetric,
  );
  const source = await startSqsSource({
    client: clients.sqs,
    queueUrl: resources.notificationQueueUrl,
    handler: notifier,
    functionName: 'notifier',
    reportBatchItemFailures: true,
    log,
  });
  return [source, { stop: async () => notifier.close() }];
}

/** The function that counts what was set aside. */
async function startSetAside({
  environment,
  resources,
  clients,
  log,
  emitMetric,
}: FunctionsOptions): Promise<StreamSource> {
  return startKinesisSource({
    client: clients.kinesis,
    streamArn: streamArn(resources.setAsideStream),
    handler: createSetAside(
      { ...environment, SPILLWAY_SET_ASIDE_STREAM: resources.setAsideStream },
      log,
      emitMetric,
    ),
    functionName: 'set-aside',
    startingPosition: 'TRIM_HORIZON',
    pollIntervalMs: setAsidePollIntervalMs,
    log,
  });
}

/** One function for all tables, with an event source for each. None where there is no table. */
async function startEstimator(
  options: FunctionsOptions,
  running: { stop(): Promise<void> }[],
): Promise<readonly StreamSource[]> {
  const { environment, resources, clients, tables, log } = options;
  if (tables.length === 0) return [];
  const estimator = createEstimator(
    {
      ...environment,
      SPILLWAY_USAGE_STREAM: resources.usageStream,
      SPILLWAY_SET_ASIDE_STREAM: resources.setAsideStream,
      SPILLWAY_TABLES: JSON.stringify(
        Object.fromEntries(tables.map(({ name, subject }) => [name, { subject }])),
      ),
      SPILLWAY_CONTROL_TABLE: resources.controlTable,
    },
    log,
    options.emitMetric,
  );
  running.unshift({ stop: async () => estimator.close() });
  // What comes in over the network is JSON of any kind; the handlers set aside what is no event of theirs.
  options.functions.set('estimator', estimator as Handler<never> as Handler<unknown>);
  const sources: StreamSource[] = [];
  for (const table of tables) {
    const source = await startDynamoDbStreamSource({
      client: table.streams,
      streamArn: table.streamArn,
      handler: estimator,
      functionName: 'estimator',
      startingPosition: 'TRIM_HORIZON',
      batchSize: 1_000,
      onFailure: failedBatchBucket(clients.s3, resources.failedBatchBucket),
      pollIntervalMs,
      log,
    });
    sources.push(source);
    running.unshift(source);
  }
  return sources;
}
