import {
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  ExecuteStatementCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createReporter, type Reporter, type ReporterEvent, type UsageSink } from '../../../guard/reporter';
import { type UsageEntry, type UsageRecord, usageRecord } from '../../../lambdas/contracts/usage-record';
import { answeringServer } from './answering-server';
import { type Setting, startSetting } from './setting';

let setting: Setting | undefined;

afterEach(async () => {
  await setting?.end();
  setting = undefined;
});

const put = (table: string, app: string, bytes = 0): PutItemCommand =>
  new PutItemCommand({
    TableName: table,
    Item: { app_id: { S: app }, id: { S: '1' }, text: { S: 'x'.repeat(bytes) } },
  });

/** A sink that hands on to another one and fails as long as it is told to, after or before it handed on. */
function failing(to: UsageSink): { sink: UsageSink; mode: 'works' | 'fails' | 'loses the answer' } {
  const state: ReturnType<typeof failing> = {
    mode: 'works',
    sink: {
      async put(records) {
        if (state.mode === 'fails') throw new Error('no stream');
        await to.put(records);
        if (state.mode === 'loses the answer') throw new Error('no answer');
      },
    },
  };
  return state;
}

test('records whose answer was lost are sent again byte for byte, so that they count once', async () => {
  let sink: ReturnType<typeof failing> | undefined;
  setting = await startSetting((options) => ({ sink: (sink = failing(options.sink)).sink }));
  const { table, reported, reporter } = setting;
  if (sink === undefined) throw new Error('the setting did not ask for its options');
  await reported.send(put(table, 'app_1', 2_000));
  sink.mode = 'loses the answer';
  await reporter.flush();
  await reported.send(put(table, 'app_1', 3_000));
  sink.mode = 'works';
  const texts = await setting.usageTexts();
  expect(texts).toHaveLength(3);
  expect(new Set(texts).size).toBe(2);
  expect(await setting.usage()).toEqual([
    { resource: table, key: 'S:app_1', subject: 'app_1', units: 5, writes: 2 },
  ]);
  expect(setting.events.map(({ kind }) => kind)).toEqual(['kept', 'sending']);
});

test('while the stream is gone writes go on, usage is kept up to a bound, and what is dropped is told', async () => {
  let sink: ReturnType<typeof failing> | undefined;
  setting = await startSetting((options) => ({
    sink: (sink = failing(options.sink)).sink,
    mostEntries: 2,
    now: () => 1_790_000_000_000,
  }));
  const { table, reported, reporter } = setting;
  if (sink === undefined) throw new Error('the setting did not ask for its options');
  sink.mode = 'fails';
  for (const app of ['app_1', 'app_2', 'app_3', 'app_1']) {
    await reported.send(put(table, app));
    await reporter.flush();
  }
  expect(reporter.state()).toMatchObject({ waiting: 2, dropped: { units: 2, writes: 2 } });
  expect(setting.events.map(({ kind }) => kind)).toEqual(['kept', 'dropped']);
  sink.mode = 'works';
  expect((await setting.usage()).map(({ key }) => key)).toEqual(['S:app_1', 'S:app_2']);
  expect(reporter.state()).toMatchObject({ waiting: 0, sent: { units: 2 } });
});

test('a subject function that throws fails no request', async () => {
  setting = await startSetting(({ tables }) => ({
    tables: Object.fromEntries(
      Object.entries(tables).map(([name, table]) => [
        name,
        {
          ...table,
          subject: (): string => {
            throw new Error('who?');
          },
        },
      ]),
    ),
  }));
  await setting.reported.send(put(setting.table, 'app_1'));
  expect(await setting.usage()).toEqual([]);
  expect(setting.events).toMatchObject([{ kind: 'failed', message: 'A write is not reported: Error: who?' }]);
});

test('a write without a subject counts against its key', async () => {
  setting = await startSetting(({ tables }) => ({
    tables: Object.fromEntries(
      Object.entries(tables).map(([name, table]) => [name, { ...table, subject: 'tenant-{owner}' }]),
    ),
  }));
  await setting.reported.send(put(setting.table, 'app_1'));
  expect(await setting.usage()).toMatchObject([{ key: 'S:app_1', subject: '', units: 1 }]);
  expect(setting.events.map(({ kind }) => kind)).toEqual(['no-subject']);
});

test('usage is sent each second without being asked, and stop sends the last', async () => {
  setting = await startSetting(() => ({ flushSeconds: 0.05 }));
  await setting.reported.send(put(setting.table, 'app_1'));
  await setting.reporter.stop();
  expect(setting.reporter.state()).toMatchObject({ waiting: 0, sent: { units: 1, records: 1 } });
});

const users = { users: { partitionKey: 'app_id', subject: '{app_id}' } };

test('each throttled try is told with its resource and reason, and takes no units', async () => {
  const throttled = {
    status: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
      message: 'too hot',
      ThrottlingReasons: [
        {
          reason: 'IndexWriteKeyRangeThroughputExceeded',
          resource: 'arn:aws:dynamodb:us-east-1:123456789012:table/users/index/by_email',
        },
      ],
    },
  };
  const taken = {
    body: { ConsumedCapacity: { TableName: 'users', CapacityUnits: 1, Table: { CapacityUnits: 1 } } },
  };
  const { client, stop } = await answeringServer([throttled, throttled, taken]);
  const { reporter, events } = keepingReporter();
  reporter.attach(client);
  try {
    await client.send(put('users', 'app_1'));
    await reporter.stop();
    expect(reporter.state()).toMatchObject({ throttled: { 'users/by_email': 2 }, sent: { units: 1 } });
    expect(events).toMatchObject([
      {
        kind: 'throttled',
        message: 'DynamoDB refuses writes to users/by_email (IndexWriteKeyRangeThroughputExceeded) of app_1.',
      },
    ]);
  } finally {
    await stop();
  }
});

test('statements that write count by the key they show, those that failed do not', async () => {
  const capacity = { TableName: 'users', CapacityUnits: 2, Table: { CapacityUnits: 2 } };
  const { client, stop } = await answeringServer([
    { body: { ConsumedCapacity: capacity } },
    {
      body: {
        ConsumedCapacity: [capacity, capacity],
        Responses: [{}, { Error: { Code: 'ThrottlingError' } }, {}],
      },
    },
  ]);
  const { reporter, entries } = keepingReporter();
  reporter.attach(client);
  const Statement = 'UPDATE "users" SET "state" = ? WHERE app_id = ? AND "id" = ?';
  const update = (app: string): BatchStatementRequest => ({
    Statement,
    Parameters: [{ S: 'new' }, { S: app }, { S: '1' }],
  });
  try {
    await client.send(
      new ExecuteStatementCommand({ Statement: `INSERT INTO "users" VALUE {'app_id': 'app_1', 'id': '1'}` }),
    );
    await client.send(
      new BatchExecuteStatementCommand({ Statements: [update('app_1'), update('app_2'), update('app_3')] }),
    );
    await reporter.stop();
    expect(entries()).toEqual([
      { resource: 'users', key: 'S:app_1', subject: 'app_1', units: 4, writes: 2 },
      { resource: 'users', key: 'S:app_3', subject: 'app_3', units: 2, writes: 1 },
    ]);
  } finally {
    await stop();
  }
});

/** A reporter of the table `users` that keeps what it would send. */
function keepingReporter(): {
  reporter: Reporter;
  events: ReporterEvent[];
  entries: () => readonly UsageEntry[];
} {
  const events: ReporterEvent[] = [];
  const records: UsageRecord[] = [];
  const reporter = createReporter({
    sink: {
      put: (sent) => {
        records.push(...sent.map(({ json }) => usageRecord.parse(JSON.parse(json))));
        return Promise.resolve();
      },
    },
    tables: users,
    flushSeconds: 60,
    now: () => 1_790_000_000_000,
    onEvent: (event) => events.push(event),
  });
  return { reporter, events, entries: () => records.flatMap((record) => record.entries) };
}

test.each([
  [{ tables: {} }, 'the reporter has no tables'],
  [{ tables: { users: { partitionKey: 'app_id', subject: 'app_id' } } }, 'the subject template "app_id"'],
  [
    { tables: { users: { partitionKey: 'id', subject: '{id}', indexes: { by_email: [] } } } },
    'the index users/by_email has 0 key attributes',
  ],
])('settings that cannot be meant are refused: %j', ({ tables }, message) => {
  expect(() => createReporter({ sink: { put: () => Promise.resolve() }, tables })).toThrow(message);
});
