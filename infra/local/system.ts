import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Interruption } from './processes/interruption';
import { Run } from './processes/run';
import { workFolder } from './processes/work-folder';
import { startDynamoDb } from './servers/dynamodb';
import { type FlinkCluster, startFlink } from './servers/flink';
import type { FlinkChoices } from './servers/flink-configuration';
import { type KinesisOptions, startKinesis } from './servers/kinesis';
import type { LocalServer } from './servers/local-server';
import { startRedis } from './servers/redis';
import { startSqsAndS3 } from './servers/sqs-and-s3';

export interface LocalSystemOptions {
  /** Names the folder of the run. @default the time and the process id */
  readonly runId?: string;
  /** Whether Flink is started; it takes most of the time and memory. @default true */
  readonly flink?: boolean | FlinkChoices;
  /** Limits of Kinesis that are other than the service's; false for none. @default the service's */
  readonly kinesisLimits?: KinesisOptions['limits'];
  /** Hears one line for each server that is ready, and when one ends by itself. @default nobody */
  readonly log?: (line: string) => void;
  /** Stops the system at a signal, also while it starts; `startLocalSystem` then throws. */
  readonly interruption?: Interruption;
  /** Ports that must be these. @default free ones */
  readonly ports?: {
    readonly dynamodb?: number;
    readonly kinesis?: number;
    readonly sqsAndS3?: number;
    readonly redis?: number;
    readonly flink?: number;
  };
}

/** The servers of a running local system, all on 127.0.0.1. */
export interface LocalSystem {
  /** The variables AWS's SDKs read: region, credentials and one endpoint for each service. */
  readonly environment: Readonly<Record<string, string>>;
  readonly redisUrl: string;
  /** Undefined when the system was started without Flink. */
  readonly flinkRestUrl: string | undefined;
  /** The folder of this run under `.spillway/run/`; logs are in its `logs/`. */
  readonly runFolder: string;
  /** The processes of the servers, and the reaper that guards them. */
  processIds(): readonly number[];
  /** Another DynamoDB Local: each streamed table wants one of its own. */
  startDynamoDb(id: string): Promise<LocalServer>;
  /** Stops every server; stopping twice is stopping once. */
  stop(): Promise<void>;
}

/**
 * Starts DynamoDB, Kinesis, SQS and S3, Redis, and Flink unless told otherwise, as processes that cannot outlive this
 * one. When one does not come up, everything is stopped and the error tells which, why, and where its log is.
 */
export async function startLocalSystem(options: LocalSystemOptions = {}): Promise<LocalSystem> {
  const { interruption, ports = {} } = options;
  interruption?.signal.throwIfAborted();
  needSetUp();
  const runId = options.runId ?? `${new Date().toISOString().replace(/[:.]/g, '-')}-${process.pid}`;
  const run = new Run(runId, options.log ?? (() => undefined));
  interruption?.beforeExit('the local system', () => run.stop());

  const limits = options.kinesisLimits ?? {};
  const kinesis = startKinesis(run, { ...portOf(ports.kinesis), limits });
  const starting = [
    startDynamoDb(run, 'dynamodb', portOf(ports.dynamodb)),
    kinesis,
    startSqsAndS3(run, portOf(ports.sqsAndS3)),
    startRedis(run, portOf(ports.redis)),
    startFlinkUnlessOff(run, options, kinesis),
  ] as const;
  try {
    const [dynamodb, streams, queuesAndBuckets, redis, flink] = await Promise.all(starting);
    return {
      environment: {
        ...credentials,
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
        AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamodb.endpoint,
        AWS_ENDPOINT_URL_KINESIS: streams.endpoint,
        AWS_ENDPOINT_URL_SQS: queuesAndBuckets.endpoint,
        AWS_ENDPOINT_URL_S3: queuesAndBuckets.endpoint,
        AWS_ENDPOINT_URL_SNS: queuesAndBuckets.endpoint,
        AWS_ENDPOINT_URL_STS: queuesAndBuckets.endpoint,
      },
      redisUrl: redis.url,
      flinkRestUrl: flink?.restUrl,
      runFolder: run.folder,
      processIds: () => run.processIds,
      startDynamoDb: (id) => startDynamoDb(run, id),
      stop: () => run.stop(),
    };
  } catch (error) {
    await run.stop();
    // The others failed because the run was stopped; the first error is the one that tells why.
    await Promise.allSettled(starting);
    throw error;
  }
}

/** Says what to do on a machine where set-up has not run, before Java says that it misses a class. */
function needSetUp(): void {
  for (const part of ['dynamodb-local/classes', 'redis/redis-server', 'flink/lib']) {
    const path = join(workFolder, part);
    if (!existsSync(path)) throw new Error(`${path} is missing: run \`npm run set-up\` first`);
  }
}

const credentials = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

/** Flink's JVMs find Kinesis in their environment, so they start when its port is known. */
async function startFlinkUnlessOff(
  run: Run,
  options: LocalSystemOptions,
  kinesis: Promise<LocalServer>,
): Promise<FlinkCluster | undefined> {
  const { flink = true, ports } = options;
  if (flink === false) return undefined;
  const { endpoint } = await kinesis;
  return startFlink(run, {
    ...(flink === true ? {} : flink),
    ...portOf(ports?.flink),
    environment: { ...credentials, AWS_ENDPOINT_URL_KINESIS: endpoint },
  });
}

function portOf(port: number | undefined): { port?: number } {
  return port === undefined ? {} : { port };
}
