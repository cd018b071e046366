import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { usageRecord } from '../../../lambdas/contracts/usage-record';
import { recordsIn } from '../../infra/local/event-sources/streams-of-one-test';
import { warmSystem } from '../../parts/warm-system';
import { type Setting, startSetting } from './setting';

const root = join(__dirname, '../../..');
const folder = join(root, '.spillway', `reporter-page-${String(process.pid)}`);
let setting: Setting;

beforeAll(async () => {
  setting = await startSetting();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await setting.end();
});

test('the example of the client page reports its write', async () => {
  const { table } = setting;
  await setting.bare.send(
    new CreateTableCommand({
      TableName: `${table}-page`,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['app_id', 'id', 'email'].map((AttributeName) => ({
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
      ],
    }),
  );
  const page = await readFile(join(root, 'docs/reporter.md'), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(page)?.[1];
  if (example === undefined) throw new Error('docs/reporter.md has no example');
  // The servers are shared by all tests: the example gets a table of its own. `await` needs a function around it.
  // The SDK's Kinesis client speaks HTTP/2 by itself, which the local Kinesis does not.
  // The package's name means its source here.
  const local = example
    .replace("'spillway/reporter'", JSON.stringify(join(root, 'guard/reporter')))
    .replace('new KinesisClient({})', 'new KinesisClient({ requestHandler: new NodeHttpHandler() })')
    .replace(/^import/, "import { NodeHttpHandler } from '@smithy/node-http-handler';\nimport");
  const text = local.replaceAll(/\busers:/g, `'${table}-page':`).replaceAll("'users'", `'${table}-page'`);
  const imports = text.match(/^import .*$/gm) ?? [];
  const rest = text.replace(/^import .*$/gm, '');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'example.ts');
  await writeFile(file, `${imports.join('\n')}\nasync function main() {\n${rest}\n}\nvoid main();\n`);

  await promisify(execFile)(process.execPath, ['-r', join(root, 'infra/local/typescript.js'), file], {
    cwd: root,
    env: { ...process.env, ...warmSystem().environment, USAGE_STREAM: setting.stream },
    timeout: 90_000,
  });
  const records = (await recordsIn(setting.kinesis, setting.stream)).map(({ text: json }) =>
    usageRecord.parse(JSON.parse(json)),
  );
  expect(records.flatMap(({ entries }) => entries)).toEqual([
    { resource: `${table}-page`, key: 'S:app_1', subject: 'app_1', units: 1, writes: 1 },
    { resource: `${table}-page/by_email`, key: 'S:a@b.c', subject: 'app_1', units: 1, writes: 1 },
  ]);
});
