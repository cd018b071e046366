import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { DynamoDBRecord } from 'aws-lambda';
import { parseRecord } from '../../../lambdas/contracts/parse';
import { setAside } from '../../../lambdas/contracts/set-aside';
import { usageRecord } from '../../../lambdas/contracts/usage-record';
import { clientSettings } from '../../../lambdas/delivery/environment';
import { kinesisClient } from '../../../lambdas/delivery/kinesis-client';
import type { LogLine } from '../../../lambdas/delivery/log';
import { createHandler, type EstimatorHandler } from '../../../lambdas/estimator/handler';
import { serverEnvironment } from '../../infra/local/event-sources/servers';
import { newStream, recordsIn } from '../../infra/local/event-sources/streams-of-one-test';
import { change as changeOf, eventOf, second } from './stream-records';
import { createStreamedTable } from './streamed-tables';

let kinesis: KinesisClient;
let dynamoDb: DynamoDBClient;
let arn: string;
let usage: string;
let aside: string;
let lines: LogLine[];
let handle: EstimatorHandler;

beforeAll(async () => {
  dynamoDb = new DynamoDBClient(clientSettings(serverEnvironment(), 'DYNAMODB'));
  arn = await createStreamedTable(dynamoDb, 'users');
});

afterAll(() => {
  dynamoDb.destroy();
});

beforeEach(async () => {
  kinesis = kinesisClient(serverEnvironment());
  [usage, aside] = await Promise.all([
    newStream(kinesis, 'usage', 2).then(({ name }) => name),
    newStream(kinesis, 'aside').then(({ name }) => name),
  ]);
  lines = [];
  handle = handlerFor(usage);
});

afterEach(() => {
  handle.close();
  kinesis.destroy();
});

/** A change of the real table. */
function change(changed: Parameters<typeof changeOf>[0]): DynamoDBRecord {
  return changeOf({ ...(changed.table === undefined ? { arn } : {}), ...changed });
}

function handlerFor(usageStream: string): EstimatorHandler {
  return createHandler(
    {
      ...serverEnvironment(),
      SPILLWAY_USAGE_STREAM: usageStream,
      SPILLWAY_SET_ASIDE_STREAM: aside,
      SPILLWAY_TABLES:
        '{"users":{"subject":"{app_id}"},"lost":{"subject":"{app_id}"},"keys":{"subject":"{pk}"}}',
    },
    (line) => lines.push(line),
  );
}

test("a batch's changes are in the usage stream, added up", async () => {
  const changes = [
    change({ eventID: 'first', newBytes: 3000 }),
    change({ newBytes: 100 }),
    change({ key: 'k2' }),
  ];
  await handle(eventOf(...changes));
  const records = await recordsIn(kinesis, usage);
  expect(records.map(({ text }) => parseRecord(usageRecord, text))).toEqual([
    {
      ok: true,
      value: {
        version: 1,
        source: 'users',
        batch: 'first',
        part: 0,
        second,
        firstSequence: changes[0]?.dynamodb?.SequenceNumber,
        lastSequence: changes[2]?.dynamodb?.SequenceNumber,
        entries: [
          { resource: 'users', key: 'S:k1', subject: 'app_1', units: 4, writes: 2 },
          { resource: 'users', key: 'S:k2', subject: 'app_1', units: 1, writes: 1 },
        ],
      },
    },
  ]);
  expect(lines).toEqual([]);
});

test('a batch that is tried again makes byte-identical records in the same shards', async () => {
  const changes = Array.from({ length: 1_000 }, (_, index) =>
    change({ key: `key-${String(index)}`, second: second + (index % 2) }),
  );
  const event = JSON.stringify(eventOf(...changes));
  await handle(JSON.parse(event) as ReturnType<typeof eventOf>);
  const once = (await recordsIn(kinesis, usage)).map((record) => JSON.stringify(record));
  await handle(JSON.parse(event) as ReturnType<typeof eventOf>);
  const twice = (await recordsIn(kinesis, usage)).map((record) => JSON.stringify(record));
  expect(once.length).toBeGreaterThan(2);
  expect(new Set(once).size).toBe(once.length);
  expect(twice.sort()).toEqual([...once, ...once].sort());
});

test('bad records are set aside with their reasons while the others count', async () => {
  const bad = { eventID: 'bad' } as DynamoDBRecord;
  await handle(eventOf(bad, change({}), change({ table: 'invoices' })));
  expect(await recordsIn(kinesis, usage)).toHaveLength(1);
  const asides = (await recordsIn(kinesis, aside)).map(({ text }) => parseRecord(setAside, text));
  expect(asides).toMatchObject([
    { value: { setAsideBy: 'estimator', reason: 'malformed', record: '{"eventID":"bad"}' } },
    { value: { reason: 'unknown-table', detail: expect.stringContaining('invoices') as string } },
  ]);
  expect(lines).toMatchObject([{ level: 'warn', event: 'set-aside', records: 2 }]);
});

test('a batch of bad records only makes no usage and does not fail', async () => {
  await handle(eventOf(change({ table: 'invoices' })));
  expect(await recordsIn(kinesis, usage)).toEqual([]);
  expect(await recordsIn(kinesis, aside)).toHaveLength(1);
});

test('changes without a subject count against their key and are reported once', async () => {
  await handle(eventOf(change({ app: '' }), change({ app: '' })));
  const [record] = await recordsIn(kinesis, usage);
  expect(record?.text).toContain('"key":"S:k1","subject":"","units":2,"writes":2');
  expect(await recordsIn(kinesis, aside)).toEqual([]);
  expect(lines).toEqual([
    {
      level: 'warn',
      event: 'no-subject',
      message: expect.stringMatching(
        /2 changes of the table users .* attribute app_id of the subject template \{app_id\} is empty/,
      ) as string,
      // The batch's name in its usage records.
      traceId: (JSON.parse(record?.text ?? '') as { batch: string }).batch,
      table: 'users',
      template: '{app_id}',
      attribute: 'app_id',
      problem: 'empty',
      changes: 2,
      firstEventId: expect.any(String) as string,
    },
  ]);
});

test('a batch fails when the usage stream refuses it', async () => {
  const failing = handlerFor('gone');
  await expect(failing(eventOf(change({})))).rejects.toThrow(/gone/);
  failing.close();
});

test('changes of a table that is gone are set aside with the reason', async () => {
  await handle(eventOf(changeOf({ table: 'lost' }), change({})));
  const [lost] = await recordsIn(kinesis, aside);
  expect(lost?.text).toContain('"reason":"table-gone"');
  expect(lost?.text).toContain('the table lost of the stream 2026-11-24T00:00:00.000 was deleted');
  expect(await recordsIn(kinesis, usage)).toHaveLength(1);
});

test('a stream that does not show both images is refused with the reason', async () => {
  const keysArn = await createStreamedTable(dynamoDb, 'keys', [], 'KEYS_ONLY');
  await expect(handle(eventOf(changeOf({ arn: keysArn })))).rejects.toThrow(
    'the stream of the table keys has the view type KEYS_ONLY, which does not show what a change cost. ' +
      'Enable a new stream with NEW_AND_OLD_IMAGES and read that one.',
  );
  expect(await recordsIn(kinesis, aside)).toEqual([]);
});
