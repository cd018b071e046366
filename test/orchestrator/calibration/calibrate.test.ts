import { join, resolve } from 'node:path';
import { type LocalCloudWatch, startCloudWatch } from '../../../infra/local/cloudwatch/server';
import { spanOf } from '../../../orchestrator/calibration/calibration';
import { runSpillway } from '../run-spillway';

const definitions = ['--definitions', resolve(__dirname, '../definitions')];
let cloudWatch: LocalCloudWatch;
let environment: Record<string, string>;

beforeEach(async () => {
  cloudWatch = await startCloudWatch();
  environment = {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.endpoint,
  };
});

afterEach(() => cloudWatch.stop());

function record(kind: 'estimated' | 'consumed', resource: string, units: number, minutesAgo = 5): void {
  const [TableName = '', index] = resource.split('/');
  const metric =
    kind === 'estimated'
      ? { namespace: 'Spillway', name: 'EstimatedWriteUnits' }
      : { namespace: 'AWS/DynamoDB', name: 'ConsumedWriteCapacityUnits' };
  const dimensions = { TableName, ...(index !== undefined && { GlobalSecondaryIndexName: index }) };
  cloudWatch.store.addValue({ ...metric, dimensions }, Date.now() - minutesAgo * 60_000, units);
}

test('each table and index has its ratio, also an index that only one side knows', async () => {
  record('estimated', 'users', 1_000);
  record('estimated', 'users', 500, 30);
  record('consumed', 'users', 1_600, 10);
  record('estimated', 'users/by_email', 40);
  record('consumed', 'users/by_email', 40);
  record('consumed', 'users/by_city', 7);
  record('estimated', 'orders', 3);
  record('consumed', 'unknown-table', 99);
  const { exitCode, stdout } = await runSpillway(['calibrate', '--json', ...definitions], environment);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    command: 'calibrate',
    periodSeconds: 60,
    resources: [
      { resource: 'orders', estimated: 3, consumed: 0, ratio: null },
      { resource: 'users', estimated: 1_500, consumed: 1_600, ratio: 0.9375 },
      { resource: 'users/by_city', estimated: 0, consumed: 7, ratio: 0 },
      { resource: 'users/by_email', estimated: 40, consumed: 40, ratio: 1 },
    ],
  });
});

test('what is outside the time asked for does not count, and a table can be asked for alone', async () => {
  record('estimated', 'users', 10, 5);
  record('estimated', 'users', 500, 90);
  record('consumed', 'users', 10, 5);
  // Newer than the lag: the other side's figures may not be there yet.
  record('consumed', 'users', 500, 0);
  record('estimated', 'orders', 3);
  const { stdout } = await runSpillway(['calibrate', '--table', 'users', ...definitions], environment);
  expect(stdout.split('\n').slice(1)).toEqual([
    '  resource  estimated  consumed   ratio',
    '  users            10        10  1.0000',
    '',
  ]);
});

test.each([
  [['--table', 'nobody'], 'CloudWatch has no estimate of the table nobody'],
  [['--since', 'yesterday'], '--since is "yesterday". Give whole seconds, minutes or hours'],
  [['--since', '5s'], '--since is "5s"'],
  [['--lag', '1d'], '--lag is "1d"'],
])('calibrate %j says what is wrong', async (args, message) => {
  const { exitCode, stdout, stderr } = await runSpillway(['calibrate', ...args, ...definitions], environment);
  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
});

test('without a CloudWatch the message says where nothing answers', async () => {
  await cloudWatch.stop();
  const { exitCode, stderr } = await runSpillway(['calibrate', ...definitions], environment);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('listing the metrics Spillway EstimatedWriteUnits failed: nothing answers there');
});

test('where nothing runs locally it says so', async () => {
  const nowhere = join(__dirname, 'no-such-file.json');
  const { stderr } = await runSpillway(['calibrate', '--local-state', nowhere, ...definitions]);
  expect(stderr).toContain('nothing runs locally');
});

test.each([
  [3_600, 120, { from: 1_789_996_260, to: 1_789_999_860, periodSeconds: 60 }],
  [3_600, 0, { from: 1_789_996_440, to: 1_790_000_040, periodSeconds: 60 }],
  [48 * 3_600, 120, { from: 1_789_827_000, to: 1_789_999_800, periodSeconds: 300 }],
])('a span of %d s that ends %d s ago has whole periods', (since, lag, expected) => {
  expect(spanOf(1_790_000_039_000, since, lag)).toEqual(expected);
});
