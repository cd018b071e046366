import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { setMaxListeners } from 'node:events';
import { type Excess, excess } from '../../../lambdas/contracts/excess';
import { setAside } from '../../../lambdas/contracts/set-aside';
import { type UsageRecord, usageRecord } from '../../../lambdas/contracts/usage-record';
import type { Environment } from '../../../lambdas/delivery/environment';
import { mostFigureHours } from '../../../lambdas/contracts/operator';
import { operatorCalled } from '../../../orchestrator/service/operator';
import { managedFlink } from '../../../orchestrator/service/managed-flink';
import { readStream } from '../demo/stream-reader';
import { errorText, pause } from '../event-sources/pause';
import type { FunctionsProgress } from '../functions';
import type { Resources } from '../resources';
import { applicationReading } from './application-reading';
import { readJob } from './flink-reading';
import type { PageEvent, Part, QueueReading } from './page-event';
import { StoreReader } from './store-reading';

/** A running Spillway, as far as the page looks at it. */
export interface Watched {
  readonly clients: { readonly kinesis: KinesisClient; readonly sqs: SQSClient };
  readonly resources: Resources;
  readonly environment: Environment;
  readonly redisUrl: string;
  /** The store's name in Redis. */
  readonly store: string;
  /** The application's name in Managed Flink. */
  readonly application: string;
  progress(): FunctionsProgress;
}

/** Hears the streams' records too, so that a shard need not be read once more for it. */
export interface StreamListener {
  readonly usage?: (record: UsageRecord) => void;
  readonly excess?: (excess: Excess) => void;
}

const lookEveryMs = 1_000;
/** Flink's own figures are a second old, and asking for them takes it some work. */
const flinkEveryMs = 2_000;
const figuresEveryMs = 5_000;
/** A part that fails once may be busy; one that fails so often in a row does not answer. */
const failuresUntilSilent = 3;

/**
 * Reads everything the page shows from the places where it is, and hands it on as events. Resolves with how to end it.
 * Nothing depends on it: what does not answer is told as silent, and asked again.
 */
export function collect(watched: Watched, onEvent: (event: PageEvent) => void): { stop(): Promise<void> } {
  const { clients, resources, environment } = watched;
  const stopping = new AbortController();
  const { signal } = stopping;
  setMaxListeners(0, signal);
  let runs = false;
  const store = new StoreReader(watched.redisUrl, watched.store);
  const region = environment['AWS_REGION'] ?? 'us-east-1';
  const service = managedFlink(region, environment);
  const operator = operatorCalled('operator', region, environment, () => Promise.resolve('local:page'));

  const stream = (name: string, reading: Promise<void>): Promise<void> =>
    reading.catch((cause: unknown) => {
      onEvent({
        kind: 'silent',
        part: 'Kinesis',
        reason: `The stream ${name} is not read any more: ${errorText(cause)}`,
      });
    });
  const { kinesis } = clients;
  const { usageStream, excessStream, setAsideStream } = resources;
  const running = [
    stream(
      usageStream,
      readStream(
        kinesis,
        usageStream,
        usageRecord,
        (record, arrivedAtMs) => onEvent({ kind: 'usage', record, arrivedAtMs }),
        signal,
      ),
    ),
    stream(
      excessStream,
      readStream(
        kinesis,
        excessStream,
        excess,
        (record, arrivedAtMs) => onEvent({ kind: 'excess', excess: record, arrivedAtMs }),
        signal,
      ),
    ),
    stream(
      setAsideStream,
      readStream(
        kinesis,
        setAsideStream,
        setAside,
        (record) => onEvent({ kind: 'set-aside', record }),
        signal,
      ),
    ),
    every(lookEveryMs, 'Redis', async () => onEvent(await store.read(Date.now()))),
    every(figuresEveryMs, 'The operator function', async () =>
      onEvent({ kind: 'figures', ...(await operator.ask('figures', { hours: mostFigureHours })) }),
    ),
    every(lookEveryMs, 'SQS', async () =>
      onEvent({ kind: 'queue', reading: await readQueues(clients.sqs, resources) }),
    ),
    every(lookEveryMs, undefined, async () => onEvent({ kind: 'functions', progress: watched.progress() })),
    every(flinkEveryMs, 'Managed Flink', async () => {
      const observed = await service.describe(watched.application);
      onEvent({ kind: 'application', reading: observed && applicationReading(observed) });
      runs = observed?.status === 'RUNNING';
      if (!runs) onEvent({ kind: 'job', reading: undefined });
    }),
    every(flinkEveryMs, 'Flink', async () => {
      if (!runs) return;
      const reading = await readJob(await service.flinkPage(watched.application));
      if (runs) onEvent({ kind: 'job', reading });
    }),
  ];

  return {
    async stop() {
      stopping.abort();
      // Ends the commands that wait for Redis.
      store.close();
      await Promise.all(running);
      service.close();
      operator.close();
    },
  };

  async function every(ms: number, part: Part | undefined, look: () => Promise<void>): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await look();
        if (failures >= failuresUntilSilent && part !== undefined) onEvent({ kind: 'answered', part });
        failures = 0;
      } catch (cause) {
        failures += 1;
        if (failures === failuresUntilSilent && part !== undefined && !signal.aborted)
          onEvent({ kind: 'silent', part, reason: errorText(cause) });
      }
      await pause(ms, signal);
    }
  }
}

async function readQueues(sqs: SQSClient, resources: Resources): Promise<QueueReading> {
  const [requests, deadLetters] = await Promise.all(
    [resources.requestQueueUrl, resources.deadLetterQueueUrl].map(async (QueueUrl) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return {
        waiting: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
        inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
      };
    }),
  );
  return {
    waiting: requests?.waiting ?? 0,
    inFlight: requests?.inFlight ?? 0,
    deadLetters: (deadLetters?.waiting ?? 0) + (deadLetters?.inFlight ?? 0),
  };
}
