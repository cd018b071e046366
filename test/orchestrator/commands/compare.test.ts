import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createControlTable } from '../../../infra/local/control-table';
import type { Excess } from '../../../lambdas/contracts/excess';
import type { Generation } from '../../../lambdas/contracts/generations';
import { clientSettings } from '../../../lambdas/delivery/environment';
import { kinesisClient } from '../../../lambdas/delivery/kinesis-client';
import { kinesisStream } from '../../../lambdas/delivery/kinesis-stream';
import { dynamoDbControl } from '../../../orchestrator/service/control-table';
import { newStream, uniqueName } from '../../infra/local/event-sources/streams-of-one-test';
import { warmSystem } from '../../parts/warm-system';
import { excessOf } from '../rollout/excesses';
import { type Ran, runSpillway } from '../run-spillway';

const { environment, runFolder } = warmSystem();
const controlTable = uniqueName('control');
const nowSecond = Math.floor(Date.now() / 1_000);
let dynamodb: DynamoDBClient;
let kinesis: KinesisClient;
let environments: string;
let excess: string;

beforeAll(async () => {
  dynamodb = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  kinesis = kinesisClient(environment);
  await createControlTable(dynamodb, controlTable);
  excess = (await newStream(kinesis, 'excess')).name;
  environments = join(runFolder, `${controlTable}.json`);
  const local = {
    region: 'us-east-1',
    account: '000000000000',
    codeBucket: 'code',
    controlTable,
    streams: { usage: 'none', excess, setAside: 'none' },
  };
  writeFileSync(environments, JSON.stringify({ local }));
});

afterAll(() => {
  dynamodb.destroy();
  kinesis.destroy();
});

const compare = (application: string, ...options: string[]): Promise<Ran> =>
  runSpillway(['compare', application, '--environments', environments, ...options], {
    ...environment,
    // What is local stands in the variables.
    AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: 'http://127.0.0.1:1',
  });

async function written(application: string, generations: readonly Generation[]): Promise<void> {
  const control = dynamoDbControl(application, controlTable, 'us-east-1', environment);
  await control.putGenerations(generations, 0);
  control.close();
}

async function said(application: string, ...excesses: Excess[]): Promise<void> {
  const records = excesses.map((one) => ({
    partitionKey: one.subject,
    data: Buffer.from(JSON.stringify({ ...one, application })),
  }));
  await kinesisStream(kinesis, excess).put(records);
}

const at = (subject: string, generation: number, secondsAgo: number): Excess =>
  excessOf(subject, { generation, windowEnd: nowSecond - secondsAgo });

test('what a shadow says is compared with what was heard, from its warm-up on', async () => {
  await written('compared', [
    { generation: 1, from: 0, until: nowSecond - 200, slot: 'blue' },
    { generation: 2, from: nowSecond - 200, slot: 'green' },
    { generation: 3, from: nowSecond - 1_000, slot: 'blue', shadow: true },
  ]);
  await said(
    'compared',
    at('app_before', 1, 1_001),
    at('app_1', 1, 300),
    at('app_unheard', 1, 100),
    at('app_2', 2, 100),
    at('app_4', 2, 50),
    at('app_1', 3, 310),
    at('app_3', 3, 100),
    at('app_4', 3, 50),
    at('app_too_new', 3, -600),
  );
  const { exitCode, stdout } = await compare('compared', '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    command: 'compare',
    application: 'compared',
    generations: { live: 2, shadow: 3 },
    from: nowSecond - 1_000,
    found: ['app_3'],
    released: ['app_2'],
    episodes: [
      { subject: 'app_1', outcome: 'both', laterSeconds: -10 },
      { subject: 'app_2', outcome: 'released' },
      { subject: 'app_3', outcome: 'found' },
      { subject: 'app_4', outcome: 'both', laterSeconds: 0 },
    ],
  });
  const text = (await compare('compared')).stdout;
  const lines = text.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
  const time = (secondsAgo: number): string =>
    new Date((nowSecond - secondsAgo) * 1_000).toISOString().replace('.000Z', 'Z');
  expect(lines[0]).toContain(
    `generation 2, which is heard, and its shadow, generation 3, from ${time(1_000)}`,
  );
  expect(lines.slice(1)).toEqual([
    'what subject resource key detection since units limit',
    `10 s earlier app_1 users S:k1 partition-heat ${time(310)} 60,010 60,000`,
    `released app_2 users S:k1 partition-heat ${time(100)} 60,010 60,000`,
    `found app_3 users S:k1 partition-heat ${time(100)} 60,010 60,000`,
    'both say 2 of 4 episodes, 1 of them at another second',
    'it would suspend app_3 that is not now, and not app_2 that is',
    '',
  ]);
});

test('without a shadow it says how to start one', async () => {
  await written('alone', [
    { generation: 1, from: 0, slot: 'blue' },
    { generation: 2, from: 0, until: 0, slot: 'green', shadow: true },
  ]);
  for (const application of ['alone', 'never-rolled-out']) {
    const { exitCode, stderr } = await compare(application);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no shadow of it runs. Start one with');
    expect(stderr).toContain(`\`spillway apply ${application} --env local --shadow\``);
  }
});

test('a shadow that is still warming up, and one beside which nothing was said', async () => {
  await written('warming', [
    { generation: 1, from: 0, slot: 'blue' },
    { generation: 2, from: nowSecond + 3_600, slot: 'green', shadow: true },
  ]);
  expect((await compare('warming')).stdout).toContain('the shadow is still warming up');
  await written('silent', [
    { generation: 1, from: 0, slot: 'blue' },
    { generation: 2, from: 0, slot: 'green', shadow: true },
  ]);
  expect((await compare('silent', '--since', '10m')).stdout).toContain('no excess of either');
});

test('a wrong duration is said', async () => {
  expect((await compare('silent', '--since', 'yesterday')).stderr).toContain('--since is "yesterday"');
});
