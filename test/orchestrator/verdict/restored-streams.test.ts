import {
  type CreateApplicationRequest,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { join } from 'node:path';
import { z } from 'zod';
import { destroyClients, localClients } from '../../../infra/local/clients';
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

// What the rules say of streams, against Kinesis: a running application is updated from its state, as the service does it.
const BUCKET = 'verdict-streams';
const APPLICATION = 'counting';
const CODE = 'counting.jar';
const system = warmSystem();
const clients = localClients(system.environment);
const text = (doc: string): object => ({ type: 'text', doc });
const folder = definitionFolder({
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
});
let endpoint: OwnEndpoint;
let streams: readonly [Resources, Resources];
let second = 1_800_000_000;

beforeAll(async () => {
  endpoint = await startEndpoint(BUCKET);
  streams = [
    await createResources(clients, 'verdict-one', 1),
    await createResources(clients, 'verdict-two', 1),
  ];
  const release = buildRelease(
    readDefinition(folder.root, 'counting'),
    join(workFolder, 'runner', 'spillway-runner.jar'),
  );
  await clients.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: CODE, Body: release.jar() }));
}, 120_000);

afterAll(async () => {
  await endpoint.stop();
  destroyClients(clients);
  folder.remove();
});

const arn = (stream: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;

/** Puts numbers of ever later seconds; the last one moves time on past those before it. */
async function put(stream: string, k: string, ...numbers: readonly number[]): Promise<void> {
  const rows = [...numbers.map((n) => ({ k, n })), { k: 'time', n: 0 }];
  await clients.kinesis.send(
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
async function update(properties: Record<string, string>): Promise<string | undefined> {
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

test('another start and another sink go on with the state, another source does not', async () => {
  const { start, jobOf, stop, remove } = drive(endpoint, BUCKET);
  const [{ usageStream: one, excessStream: before }, { usageStream: two, excessStream: after }] = streams;
  const totals: Record<'before' | 'after', Total[]> = { before: [], after: [] };
  const reading = new AbortController();
  const readers = (
    [
      ['before', before],
      ['after', after],
    ] as const
  ).map(([name, stream]) =>
    readStream(clients.kinesis, stream, row, (total) => totals[name].push(total), reading.signal),
  );
  const ofA = (name: 'before' | 'after'): number[] =>
    totals[name].flatMap(({ k, total }) => (k === 'a' ? [total] : []));
  const arrived = (name: 'before' | 'after', count: number): Promise<true> =>
    untilThere(`${count} totals ${name} the update`, async () =>
      ofA(name).length >= count ? true : undefined,
    );

  await put(one, 'a', 1, 2, 4);
  const properties = { from: arn(one), to: arn(before), start: 'TRIM_HORIZON' };
  await endpoint.create(APPLICATION, { ApplicationConfiguration: configuration(properties) });
  await endpoint.ended(APPLICATION, await start(APPLICATION));
  await arrived('before', 3);
  expect(ofA('before')).toEqual([1, 3, 7]);

  // With LATEST, a job without state would miss what comes while it is updated; with its total it would begin at 0.
  const changed = { from: arn(one), to: arn(after), start: 'LATEST' };
  const updating = await update(changed);
  await put(one, 'a', 8);
  await endpoint.ended(APPLICATION, updating);
  await endpoint.until(APPLICATION, 'RUNNING');
  await put(one, 'a', 16);
  await arrived('after', 2);
  expect(ofA('after')).toEqual([15, 31]);
  expect(ofA('before')).toEqual([1, 3, 7]);

  // What lies on the other stream counts from its first record on; the state says that its shard was read further.
  await put(two, 'b', 1, 2);
  await update({ ...changed, from: arn(two) });
  const outcome = await untilThere('a restart or a total of the other stream', async () => {
    if (totals.after.some(({ k, total }) => k === 'b' && total === 1)) return 'right';
    if (totals.after.some(({ k }) => k === 'b')) return 'wrong';
    const { ApplicationStatus: status } = await endpoint.describe(APPLICATION);
    if (status !== 'RUNNING') return undefined;
    const { get } = await jobOf(APPLICATION);
    const { exceptionHistory } = await get<{ exceptionHistory?: { entries: object[] } }>('/exceptions');
    return (exceptionHistory?.entries.length ?? 0) > 0 ? 'refused' : undefined;
  });
  expect(outcome).not.toBe('right');
  console.log(outcome, JSON.stringify(totals.after));
  reading.abort();
  await Promise.all(readers);
  await endpoint.ended(APPLICATION, await stop(APPLICATION, true));
  await endpoint.until(APPLICATION, 'READY');
  await remove(APPLICATION);
}, 300_000);
