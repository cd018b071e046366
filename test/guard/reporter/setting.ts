import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { ReporterEvent } from '../../../guard/reporter';
import { createReporter, kinesisSink, type Reporter, type ReporterOptions } from '../../../guard/reporter';
import { type UsageEntry, type UsageRecord, usageRecord } from '../../../lambdas/contracts/usage-record';
import { clientSettings } from '../../../lambdas/delivery/environment';
import { kinesisClient } from '../../../lambdas/delivery/kinesis-client';
import { newStream, recordsIn, uniqueName } from '../../infra/local/event-sources/streams-of-one-test';
import { warmSystem } from '../../parts/warm-system';

/** A table with a reporter on one client, a bare client beside it, and a usage stream. */
export interface Setting {
  readonly table: string;
  /** The client whose writes are reported. */
  readonly reported: DynamoDBClient;
  readonly bare: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly stream: string;
  readonly reporter: Reporter;
  readonly events: ReporterEvent[];
  /** Flushes, and reads every usage record that is in the stream, as text. */
  usageTexts(): Promise<string[]>;
  /** Flushes, and adds up what is in the stream, each named record once: units and writes by resource, key, subject. */
  usage(): Promise<UsageEntry[]>;
  end(): Promise<void>;
}

/** The table: `app_id` and `id`, two global indexes (by `email`, and by `city` in a projection of keys), one local. */
export async function startSetting(
  change: (options: ReporterOptions) => Partial<ReporterOptions> = () => ({}),
): Promise<Setting> {
  const { environment } = warmSystem();
  const table = uniqueName('reported');
  const bare = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const reported = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const kinesis = kinesisClient(environment);
  await bare.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['app_id', 'id', 'email', 'city', 'rank'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'app_id', KeyType: 'HASH' },
        { AttributeName: 'id', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by_email',
          KeySchema: [{ AttributeName: 'email', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
        {
          IndexName: 'by_city',
          KeySchema: [{ AttributeName: 'city', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'by_rank',
          KeySchema: [
            { AttributeName: 'app_id', KeyType: 'HASH' },
            { AttributeName: 'rank', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const { name: stream } = await newStream(kinesis, 'usage', 2);
  const events: ReporterEvent[] = [];
  const options: ReporterOptions = {
    sink: kinesisSink(kinesis, stream),
    tables: {
      [table]: {
        partitionKey: 'app_id',
        subject: '{app_id}',
        indexes: { by_email: ['email'], by_city: ['city'] },
      },
    },
    // Tests flush themselves, so that nothing depends on when a second ends.
    flushSeconds: 60,
    onEvent: (event) => events.push(event),
  };
  const reporter = createReporter({ ...options, ...change(options) });
  reporter.attach(reported);
  const usageTexts = async (): Promise<string[]> => {
    await reporter.flush();
    return (await recordsIn(kinesis, stream)).map(({ text }) => text);
  };
  return {
    table,
    reported,
    bare,
    kinesis,
    stream,
    reporter,
    events,
    usageTexts,
    usage: async () => addedUp(await usageTexts()),
    async end() {
      await reporter.stop();
      for (const client of [bare, reported, kinesis]) client.destroy();
    },
  };
}

/** Counts each named record once, as Flink does. Throws where a text is no usage record. */
function addedUp(texts: readonly string[]): UsageEntry[] {
  const records = new Map<string, UsageRecord>();
  for (const text of texts) {
    const record = usageRecord.parse(JSON.parse(text));
    records.set(JSON.stringify([record.source, record.batch, record.part, record.second]), record);
  }
  const entries = new Map<string, UsageEntry>();
  for (const { resource, key, subject, units, writes } of [...records.values()].flatMap((r) => r.entries)) {
    const name = JSON.stringify([resource, key, subject]);
    const entry = entries.get(name) ?? { resource, key, subject, units: 0, writes: 0 };
    entry.units += units;
    entry.writes += writes;
    entries.set(name, entry);
  }
  return [...entries].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry);
}
