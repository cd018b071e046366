import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  ListMetricsCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { recordConsumedCapacity } from '../../../../infra/local/cloudwatch/consumed-capacity';
import { type LocalCloudWatch, startCloudWatch } from '../../../../infra/local/cloudwatch/server';
import { clientSettings } from '../../../../lambdas/delivery/environment';
import { estimateMetrics } from '../../../../lambdas/estimator/metrics';
import { warmSystem } from '../../../parts/warm-system';
import { uniqueName } from '../event-sources/streams-of-one-test';

let cloudWatch: LocalCloudWatch;
let client: CloudWatchClient;
const minute = 1_790_000_040;

beforeEach(async () => {
  cloudWatch = await startCloudWatch();
  client = new CloudWatchClient({
    region: 'us-east-1',
    endpoint: cloudWatch.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await cloudWatch.stop();
});

const at = (second: number): Date => new Date(second * 1_000);

async function put(name: string, second: number, more: object, table = 'users'): Promise<void> {
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'Test',
      MetricData: [
        {
          MetricName: name,
          Dimensions: [{ Name: 'TableName', Value: table }],
          Timestamp: at(second),
          ...more,
        },
      ],
    }),
  );
}

function query(
  more: Partial<GetMetricDataCommandInput> = {},
  Stat = 'Sum',
  Period = 60,
): GetMetricDataCommand {
  const Metric = {
    Namespace: 'Test',
    MetricName: 'units',
    Dimensions: [{ Name: 'TableName', Value: 'users' }],
  };
  return new GetMetricDataCommand({
    MetricDataQueries: [{ Id: 'm1', MetricStat: { Metric, Period, Stat } }],
    StartTime: at(minute),
    EndTime: at(minute + 180),
    ...more,
  });
}

test('values are read by the minute, the newest first, from the start on and before the end', async () => {
  for (const [second, Value] of [
    [-1, 100],
    [0, 1],
    [59, 2],
    [120, 4],
    [180, 100],
  ] as const) {
    await put('units', minute + second, { Value });
  }
  const { MetricDataResults } = await client.send(query());
  expect(MetricDataResults).toEqual([
    {
      Id: 'm1',
      Label: 'units',
      StatusCode: 'Complete',
      Timestamps: [at(minute + 120), at(minute)],
      Values: [4, 3],
    },
  ]);
  const ascending = await client.send(query({ ScanBy: 'TimestampAscending' }));
  expect(ascending.MetricDataResults?.[0]?.Values).toEqual([3, 4]);
});

test.each([
  ['Sum', 16],
  ['SampleCount', 5],
  ['Average', 3.2],
  ['Minimum', 1],
  ['Maximum', 7],
])('%s is taken over values, counted values and statistics', async (Stat, expected) => {
  await put('units', minute, { Value: 7 });
  await put('units', minute, { Values: [1, 3], Counts: [2, 1] });
  await put('units', minute, { StatisticValues: { SampleCount: 1, Sum: 4, Minimum: 4, Maximum: 4 } });
  const { MetricDataResults } = await client.send(query({}, Stat));
  expect(MetricDataResults?.[0]?.Values).toEqual([expected]);
});

test('a period of several minutes adds them up', async () => {
  await put('units', minute, { Value: 1 });
  await put('units', minute + 120, { Value: 2 });
  const { MetricDataResults } = await client.send(query({ EndTime: at(minute + 300) }, 'Sum', 300));
  expect(MetricDataResults?.[0]?.Values?.reduce((sum, value) => sum + value, 0)).toBe(3);
});

test('more datapoints than asked for come in pages', async () => {
  for (const second of [0, 60, 120]) await put('units', minute + second, { Value: second });
  const first = await client.send(query({ MaxDatapoints: 2 }));
  expect(first.MetricDataResults?.[0]).toMatchObject({ Values: [120, 60], StatusCode: 'PartialData' });
  const second = await client.send(query({ MaxDatapoints: 2, NextToken: first.NextToken }));
  expect(second.MetricDataResults?.[0]).toMatchObject({ Values: [0], StatusCode: 'Complete' });
  expect(second.NextToken).toBeUndefined();
});

test('metrics are listed by namespace, name and dimensions, 500 a page', async () => {
  for (let i = 0; i < 501; i++) {
    const metric = { namespace: 'Test', name: 'units', dimensions: { TableName: `table-${String(i)}` } };
    cloudWatch.store.addValue(metric, minute * 1_000, 1);
  }
  await put('other', minute, { Value: 1 });
  const page = await client.send(new ListMetricsCommand({ Namespace: 'Test', MetricName: 'units' }));
  expect(page.Metrics).toHaveLength(500);
  const rest = await client.send(
    new ListMetricsCommand({ Namespace: 'Test', MetricName: 'units', NextToken: page.NextToken }),
  );
  expect(rest.Metrics).toHaveLength(1);
  const Dimensions = [{ Name: 'TableName', Value: 'users' }];
  const one = await client.send(new ListMetricsCommand({ Dimensions }));
  expect(one.Metrics).toEqual([{ Namespace: 'Test', MetricName: 'other', Dimensions }]);
});

test('a large request comes compressed and is read', async () => {
  const MetricData = Array.from({ length: 500 }, (_, i) => ({
    MetricName: 'units',
    Dimensions: [{ Name: 'TableName', Value: 'users' }],
    Timestamp: at(minute),
    Value: i,
  }));
  await client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData }));
  const { MetricDataResults } = await client.send(query());
  expect(MetricDataResults?.[0]?.Values).toEqual([(499 * 500) / 2]);
});

test.each([
  ['a namespace of AWS', { Namespace: 'AWS/DynamoDB', MetricData: [{ MetricName: 'units', Value: 1 }] }],
  ['no value', { Namespace: 'Test', MetricData: [{ MetricName: 'units' }] }],
  ['a value twice', { Namespace: 'Test', MetricData: [{ MetricName: 'units', Value: 1, Values: [1] }] }],
])('%s is refused', async (_what, input) => {
  await expect(client.send(new PutMetricDataCommand(input))).rejects.toMatchObject({
    name: expect.stringMatching(/^InvalidParameter/) as string,
  });
});

test('what the endpoint cannot do is refused', async () => {
  await expect(client.send(query({ StartTime: at(minute + 180) }))).rejects.toMatchObject({
    name: 'InvalidParameterCombinationException',
  });
  await expect(
    client.send(new SetAlarmStateCommand({ AlarmName: 'a', StateValue: 'OK', StateReason: 'r' })),
  ).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('lines in the embedded metric format become metrics, as the estimator writes them', async () => {
  const entry = { key: 'S:k', subject: 'app_1', writes: 1 };
  const seconds = [
    {
      source: 'users',
      batch: 'b',
      second: minute + 1,
      sequence: undefined,
      entries: [
        { ...entry, resource: 'users', units: 3 },
        { ...entry, resource: 'users/by_email', units: 2 },
      ],
    },
    {
      source: 'users',
      batch: 'b',
      second: minute + 2,
      sequence: undefined,
      entries: [{ ...entry, resource: 'users', units: 4 }],
    },
    {
      source: 'users',
      batch: 'b',
      second: minute + 60,
      sequence: undefined,
      entries: [{ ...entry, resource: 'users', units: 9 }],
    },
  ];
  const lines = estimateMetrics(seconds);
  expect(lines).toHaveLength(3);
  lines.forEach((line) => {
    cloudWatch.addEmbeddedMetrics(line);
  });
  const sums = ['users', 'users/by_email'].map((resource) => {
    const [TableName = '', index] = resource.split('/');
    const dimensions = { TableName, ...(index !== undefined && { GlobalSecondaryIndexName: index }) };
    return cloudWatch.store
      .read({ namespace: 'Spillway', name: 'EstimatedWriteUnits', dimensions }, minute, minute + 120, 60)
      .map(({ sum }) => sum);
  });
  expect(sums).toEqual([[7, 9], [2]]);
  expect(() => {
    cloudWatch.addEmbeddedMetrics('{"level":"info"}');
  }).toThrow();
});

test("what DynamoDB Local says a client's writes consumed is recorded, unseen by the caller", async () => {
  const dynamodb = new DynamoDBClient(clientSettings(warmSystem().environment, 'DYNAMODB'));
  const table = uniqueName('consumed');
  recordConsumedCapacity(dynamodb, cloudWatch.store, () => minute * 1_000);
  try {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['id', 'email'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by_email',
            KeySchema: [{ AttributeName: 'email', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    );
    const Item = { id: { S: '1' }, email: { S: 'a@b.c' }, text: { S: 'x'.repeat(2_500) } };
    const answer = await dynamodb.send(new PutItemCommand({ TableName: table, Item }));
    expect(answer.ConsumedCapacity).toBeUndefined();
  } finally {
    dynamodb.destroy();
  }
  const units = (dimensions: Record<string, string>): number[] =>
    cloudWatch.store
      .read(
        { namespace: 'AWS/DynamoDB', name: 'ConsumedWriteCapacityUnits', dimensions },
        minute,
        minute + 60,
        60,
      )
      .map(({ sum }) => sum);
  expect(units({ TableName: table })).toEqual([3]);
  expect(units({ TableName: table, GlobalSecondaryIndexName: 'by_email' })).toEqual([1]);
});
