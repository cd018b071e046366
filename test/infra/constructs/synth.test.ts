import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { functionNames } from '../../../infra/constructs/functions/entry';
import { build, type Built, buildEverything } from './built';

const root = join(__dirname, '../../..');
const run = promisify(execFile);
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-synth-'));
  folders.push(folder);
  return folder;
}

/** The trial app as `cdk synth` makes it, without a network: whatever would be asked for is refused at once. */
async function synthesise(folder: string): Promise<void> {
  const nowhere = 'http://127.0.0.1:1';
  await run(
    process.execPath,
    [
      ...[join(root, 'node_modules/aws-cdk/bin/cdk'), 'synth', '--no-lookups', '--no-notices', '--quiet'],
      ...['--output', folder, '--context', 'notifyTopicArn=arn:aws:sns:us-east-1:111122223333:people'],
    ],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: folder, HTTPS_PROXY: nowhere, HTTP_PROXY: nowhere, CI: 'true' },
    },
  );
}

test('the trial app is synthesised offline, checked by CloudFormation’s schemas and cdk-nag, its bundles run', async () => {
  const folder = newFolder();
  await synthesise(folder);
  const report = JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8')) as object;
  expect(JSON.stringify(report)).not.toMatch(/"severity":"(error|warning)"/i);

  const bundles = readdirSync(folder).filter((name) => name.startsWith('asset.'));
  expect(bundles).toHaveLength(functionNames.length);
  for (const bundle of bundles) {
    // Alone, in a process that has none of the project's packages near.
    const program = 'console.log(typeof require(process.argv[1]).handler)';
    const { stdout } = await run(process.execPath, ['-e', program, join(folder, bundle, 'index.js')], {
      cwd: folder,
    });
    expect(stdout).toBe('function\n');
    expect(readdirSync(join(folder, bundle)).sort()).toEqual(['index.js', 'index.js.map']);
  }
});

function checked(built: Built): App {
  const app = built.stack.node.root as App;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

/** What a team's own table and VPC are like is theirs: they are in the stack only to be protected. */
const notOurs = ['Users', 'Events', 'Sessions', 'Vpc', 'Salt', 'Webhook', 'People', 'Key'];

function acknowledgeWhatIsNotOurs({ stack }: Built): void {
  const rules = ['VPC7', 'DDB3', 'SMG4', 'SNS3', 'KMS5'];
  for (const id of notOurs) {
    const made = stack.node.tryFindChild(id);
    if (made === undefined) continue;
    Validations.of(made).acknowledge(
      ...rules.map((rule) => ({ id: `AwsSolutions-${rule}`, reason: 'Made by the test, not by Spillway.' })),
    );
  }
}

test.each([
  ['as it is', build],
  ['with everything switched on', buildEverything],
])('cdk-nag finds nothing in a Spillway %s', (_how, make) => {
  const built = make();
  acknowledgeWhatIsNotOurs(built);
  expect(() => checked(built).synth()).not.toThrow();
});

test('cdk-nag does look: a bucket that anybody could read in the clear stops the synthesis', () => {
  const app = new App();
  new Bucket(new Stack(app, 'Mine'), 'Open');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).toThrow(/AwsSolutions-S10/);
});

test('whatever is acknowledged has a reason', () => {
  const { spillway } = buildEverything();
  const acknowledged = spillway.node.findAll().flatMap(acknowledgements);
  expect(acknowledged.length).toBeGreaterThan(0);
  for (const { id, reason } of acknowledged) expect([id, reason.length > 30]).toEqual([id, true]);
  expect(
    [...new Set(acknowledged.map(({ id }) => id.replace(/^.*AwsSolutions-|\[.*$/g, '')))].sort(),
  ).toEqual(['IAM5', 'KDS3', 'S1', 'SMG4']);
});

function acknowledgements({ node }: IConstruct): { id: string; reason: string }[] {
  return node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) =>
      Object.entries(data as Record<string, unknown>).map(([id, reason]) => ({
        id,
        reason: typeof reason === 'string' ? reason : JSON.stringify(reason),
      })),
    );
}
