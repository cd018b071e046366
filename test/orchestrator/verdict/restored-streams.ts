import {
  type CreateApplicationRequest,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { join } from 'node:path';
import { z } from 'zod';
import { destroyClients, localClients, type LocalClients } from '../../../infra/local/clients';
import { readStream } from '../../../infra/local/demo/stream-reader';
import { workFolder } from '../../../infra/local/processes/work-folder';
import { createResources, type Resources } from '../../../infra/local/resources';
import { readDefinition } from '../../../orchestrator/definition/read-definition';
import { buildRelease } from '../../../orchestrator/release/build-release';
import { drive } from '../../infra/local/managed-flink/drive';
import { createRequest, type OwnEndpoint, startEndpoint } from '../../infra/local/managed-flink/endpoint';
import { untilThere } from '../../infra/local/managed-flink/until-there';
import { warmSystem } from '../../parts/warm-system';
import { definitionFolder } from '../definition/definition-folder';

const BUCKET = 'verdict-streams';
const APPLICATION = 'counting';
const CODE = 'counting.jar';
const text = (doc: string): object => ({ type: 'text', doc });
const files = {
  'counting/application.json': JSON.stringify({
    name: 'counting',
    runtime: 'FLINK-2_2',
    capacity: { parallelism: 1, parallelismPerKpu: 1 },
    parameters: { from: text('Stream read.'), to: text('Stream written.'), start: text('Where to begin.') },
  }),
  'counting/tables/tables.sql': `CREATE TABLE numbers (
    k STRING,
    n BIGINT,
    s BIGINT,
    rowtime AS TO_TIMESTAMP_LTZ(s, 0),
    WATERMARK FOR rowtime AS rowtime
) WITH (
    'connector' = 'kinesis', 'stream.arn' = \${from}, 'source.init.position' = \${start}, 'format' = 'json'
);
CREATE TABLE totals (k STRING, n BIGINT, total BIGINT) WITH (
    'connector' = 'kinesis', 'stream.arn' = \${to}, 'format' = 'json'
);`,
  'counting/detections/total.sql': `INSERT INTO totals
SELECT k, n, SUM(n) OVER (PARTITION BY k ORDER BY rowtime) AS total FROM numbers;`,
};
let second = 1_800_000_000;

const arn = (stream: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;

/** Puts numbers of ever later seconds; the last one moves time on past those before it. */
async function put(
  { kinesis }: LocalClients,
  stream: string,
  k: string,
  ...numbers: readonly number[]
): Promise<void> {
  const rows = [...numbers.map((n) => ({ k, n })), { k: 'time', n: 0 }];
  await kinesis.send(
    new PutRecordsCommand({
      StreamName: stream,
      Records: rows.map((row) => ({
        PartitionKey: 'one',
        Data: Buffer.from(JSON.stringify({ ...row, s: (second += 1) })),
      })),
    }),
  );
}

function configuration(
  properties: Record<string, string>,
): CreateApplicationRequest['ApplicationConfiguration'] {
  const { ApplicationConfiguration: plain } = createRequest(BUCKET, APPLICATION);
  return {
    ...plain,
    ApplicationCodeConfiguration: {
      CodeContentType: 'ZIPFILE',
      CodeContent: { S3ContentLocation: { BucketARN: `arn:aws:s3:::${BUCKET}`, FileKey: CODE } },
    },
    EnvironmentProperties: {
      PropertyGroups: [{ PropertyGroupId: 'spillway', PropertyMap: properties }],
    },
  };
}

/** Updates the running application: the service saves its state and restores it. */
async function update(
  endpoint: OwnEndpoint,
  properties: Record<string, string>,
): Promise<string | undefined> {
  const { ApplicationVersionId: version } = await endpoint.describe(APPLICATION);
  const { OperationId } = await endpoint.client.send(
    new UpdateApplicationCommand({
      ApplicationName: APPLICATION,
      CurrentApplicationVersionId: version,
      RunConfigurationUpdate: { FlinkRunConfiguration: { AllowNonRestoredState: false } },
      ApplicationConfigurationUpdate: {
        EnvironmentPropertyUpdates: {
          PropertyGroups: [{ PropertyGroupId: 'spillway', PropertyMap: properties }],
        },
      },
    }),
  );
  return OperationId;
}

const row = z.object({ k: z.string(), n: z.number(), total: z.number() });
type Total = z.infer<typeof row>;

/** What came of an application whose stream, start or sink was changed with its state carried. */
export interface RestoredStreams {
  /** The running totals of 1, 2 and 4, which the first sink took in the end. */
  readonly before: readonly number[];
  /** Those of 8, put while the application was updated to another start and another sink, and 16. */
  readonly after: readonly number[];
  /** With another stream to read. */
  readonly anotherSource: 'right' | 'wrong' | 'refused';
}

/** Updates a running application from its state, as the service does it, against Kinesis. */
export async function restoreStreams(): Promise<RestoredStreams> {
  const endpoint = await startEndpoint(BUCKET);
  const clients = localClients(warmSystem().environment);
  const folder = definitionFolder(files);
  const reading = new AbortController();
  try {
    const one = await createResources(clients, 'verdict-one', 1);
    const two = await createResources(clients, 'verdict-two', 1);
    const definition = readDefinition(folder.root, 'counting');
    const jar = buildRelease(definition, join(workFolder, 'runner', 'spillway-runner.jar')).jar();
    await clients.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: CODE, Body: jar }));
    return await changeStreams(endpoint, clients, one, two, reading.signal);
  } finally {
    reading.abort();
    const { stop, remove } = drive(endpoint, BUCKET);
    await endpoint.ended(APPLICATION, await stop(APPLICATION, true));
    await endpoint.until(APPLICATION, 'READY');
    await remove(APPLICATION);
    await endpoint.stop();
    destroyClients(clients);
    folder.remove();
  }
}

async function changeStreams(
  endpoint: OwnEndpoint,
  clients: LocalClients,
  one: Resources,
  two: Resources,
  reading: AbortSignal,
): Promise<RestoredStreams> {
  const totals: Record<'before' | 'after', Total[]> = { before: [], after: [] };
  // One that fails leaves what it did not see missing below.
  void Promise.allSettled([
    readStream(clients.kinesis, one.excessStream, row, (total) => totals.before.push(total), reading),
    readStream(clients.kinesis, two.excessStream, row, (total) => totals.after.push(total), reading),
  ]);
  const ofA = (name: 'before' | 'after'): number[] =>
    totals[name].flatMap(({ k, total }) => (k === 'a' ? [total] : []));
  const arrived = (name: 'before' | 'after', count: number): Promise<true> =>
    untilThere(`${count} totals ${name} the update`, async () =>
      ofA(name).length >= count ? true : undefined,
    );

  await put(clients, one.usageStream, 'a', 1, 2, 4);
  const properties = { from: arn(one.usageStream), to: arn(one.excessStream), start: 'TRIM_HORIZON' };
  await endpoint.create(APPLICATION, { ApplicationConfiguration: configuration(properties) });
  await endpoint.ended(APPLICATION, await drive(endpoint, BUCKET).start(APPLICATION));
  await arrived('before', 3);

  // With LATEST, a job without state would miss what comes while it is updated; without its total it would begin at 0.
  const changed = { from: arn(one.usageStream), to: arn(two.excessStream), start: 'LATEST' };
  const updating = await update(endpoint, changed);
  await put(clients, one.usageStream, 'a', 8);
  await endpoint.ended(APPLICATION, updating);
  await endpoint.until(APPLICATION, 'RUNNING');
  await put(clients, one.usageStream, 'a', 16);
  await arrived('after', 2);
  const [before, after] = [ofA('before'), ofA('after')];

  // What lies on the other stream counts from its first record on; the state says that its shard was read further.
  await put(clients, two.usageStream, 'b', 1, 2);
  await update(endpoint, { ...changed, from: arn(two.usageStream) });
  const anotherSource = await untilThere('a restart or a total of the other stream', async () => {
    if (totals.after.some(({ k, total }) => k === 'b' && total === 1)) return 'right' as const;
    if (totals.after.some(({ k }) => k === 'b')) return 'wrong' as const;
    const { ApplicationStatus: status } = await endpoint.describe(APPLICATION);
    return status === 'RUNNING' && (await hasFailed(endpoint)) ? ('refused' as const) : undefined;
  });
  return { before, after, anotherSource };
}

/** Whether Flink tells of a failure of the running job. */
async function hasFailed(endpoint: OwnEndpoint): Promise<boolean> {
  const { get } = await drive(endpoint, BUCKET).jobOf(APPLICATION);
  const { exceptionHistory } = await get<{ exceptionHistory?: { entries: object[] } }>('/exceptions');
  return (exceptionHistory?.entries.length ?? 0) > 0;
}
