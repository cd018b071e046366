import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { KinesisStreamEvent } from 'aws-lambda';
import { type KinesisSourceOptions, startKinesisSource } from '../../../../infra/local/event-sources/kinesis';
import type { StreamSource } from '../../../../infra/local/event-sources/stream-source';
import { kinesisClient } from '../../../../lambdas/delivery/kinesis-client';
import type { LogLine } from '../../../../lambdas/delivery/log';
import { serverEnvironment } from './servers';
import { newStream } from './streams-of-one-test';
import { until } from './until';

/** A stream of its own for each test of a file, and the source that reads it. */
export interface KinesisUnderTest {
  readonly client: () => KinesisClient;
  readonly stream: () => { readonly name: string; readonly arn: string };
  readonly log: LogLine[];
  /** Puts records with these data in this order; a text `key:…` has the partition key `key`. */
  put(...texts: string[]): Promise<void>;
  start(
    handler: (event: KinesisStreamEvent) => Promise<unknown>,
    options?: Partial<KinesisSourceOptions>,
  ): Promise<StreamSource>;
  stop(): Promise<void>;
  /** Waits until so many records of the stream's one shard are settled. */
  settled(count: number): Promise<void>;
}

/** To be called once in a test file: makes and ends the parts around each test. */
export function kinesisUnderTest(): KinesisUnderTest {
  let client: KinesisClient;
  let stream: { name: string; arn: string };
  let source: StreamSource | undefined;
  const log: LogLine[] = [];

  beforeEach(async () => {
    log.length = 0;
    client = kinesisClient(serverEnvironment());
    stream = await newStream(client, 'source');
  });

  afterEach(async () => {
    await source?.stop();
    source = undefined;
    client.destroy();
  });

  return {
    client: () => client,
    stream: () => stream,
    log,
    put: (...texts) => putTexts(client, stream.name, texts),
    async start(handler, options = {}) {
      source = await startKinesisSource({
        client,
        streamArn: stream.arn,
        handler,
        functionName: 'alerter',
        startingPosition: 'TRIM_HORIZON',
        log: (line) => log.push(line),
        pollIntervalMs: 210,
        discoveryIntervalMs: 20,
        firstRetryDelayMs: 1,
        ...options,
      });
      return source;
    },
    async stop() {
      await source?.stop();
      source = undefined;
    },
    settled: (count) =>
      until(
        `${String(count)} records are settled`,
        () => source?.progress()[0]?.settled === count,
        () => source?.progress(),
      ),
  };
}

export async function putTexts(client: KinesisClient, name: string, texts: readonly string[]): Promise<void> {
  const Records = texts.map((text) => ({
    PartitionKey: text.includes(':') ? text.slice(0, text.indexOf(':')) : text.slice(0, 256),
    Data: Buffer.from(text),
  }));
  const answer = await client.send(new PutRecordsCommand({ StreamName: name, Records }));
  if (answer.FailedRecordCount !== 0)
    throw new Error(`records were refused: ${JSON.stringify(answer.Records)}`);
}
