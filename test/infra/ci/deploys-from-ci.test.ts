import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  DescribeApplicationCommand,
  KinesisAnalyticsV2Client,
  ListApplicationsCommand,
  StopApplicationCommand,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { destroyClients, localClients } from '../../../infra/local/clients';
import { createControlTable } from '../../../infra/local/control-table';
import { type ManagedFlink, startManagedFlink } from '../../../infra/local/managed-flink/server';
import { warmSystem } from '../../parts/warm-system';
import { uniqueName } from '../local/event-sources/streams-of-one-test';
import { untilThere } from '../local/managed-flink/until-there';

// What the workflows and any other CI run (infra/ci/*.sh), as processes, against S3, the control table, the Managed Flink
// endpoint and Flink. The tests build on each other, as the days of a repository do.
const system = warmSystem();
const name = uniqueName('ci');
const folder = join(system.runFolder, name);
const out = join(folder, 'out');
const environments = join(folder, 'environments.json');
const root = resolve(__dirname, '..', '..', '..');
let managedFlink: ManagedFlink;
let service: KinesisAnalyticsV2Client;

interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
}

beforeAll(async () => {
  managedFlink = await startManagedFlink({
    flinkRestUrl: system.flinkRestUrl,
    environment: system.environment,
    folder: join(system.runFolder, `managed-flink-${name}`),
  });
  service = new KinesisAnalyticsV2Client({
    ...{ region: 'us-east-1', endpoint: managedFlink.endpoint },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const clients = localClients(system.environment);
  await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
  await createControlTable(clients.dynamodb, name);
  destroyClients(clients);
  cpSync(join(root, 'test', 'orchestrator', 'definitions', 'ticking'), join(folder, 'ticking'), {
    recursive: true,
  });
  commit({});
});

afterAll(async () => {
  // Gives the task slot back.
  await untilThere('all applications to be READY', async () => {
    const { ApplicationSummaries: now = [] } = await service.send(new ListApplicationsCommand({}));
    for (const { ApplicationName, ApplicationStatus } of now) {
      if (ApplicationStatus !== 'RUNNING') continue;
      await service.send(new StopApplicationCommand({ ApplicationName, Force: true }));
    }
    return now.every(({ ApplicationStatus }) => ApplicationStatus === 'READY') ? true : undefined;
  });
  service.destroy();
  await managedFlink.stop();
});

/** Makes the files say these parameters, as a commit does. */
function commit(parameters: Record<string, number>): void {
  const streams = { usage: 'none', excess: 'none', setAside: 'none' };
  const local = {
    ...{ region: 'us-east-1', account: '000000000000', codeBucket: name, controlTable: name },
    ...{ streams, checkpointInterval: '1s', parameters },
  };
  writeFileSync(environments, JSON.stringify({ local }));
}

function run(script: string, variables: Record<string, string> = {}): Promise<Ended> {
  const spillway = `${process.execPath} -r ${root}/infra/local/typescript.js ${root}/orchestrator/main.ts`;
  const env = {
    ...process.env,
    ...system.environment,
    ...{ AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: managedFlink.endpoint },
    ...{ SPILLWAY: spillway, DEFINITIONS: folder, OUT: out, ...variables },
  };
  return new Promise((answer) => {
    const options = { cwd: root, env, maxBuffer: 16 * 1024 * 1024 };
    execFile(join(root, 'infra', 'ci', script), ['local'], options, (fault, stdout, stderr) => {
      answer({ exitCode: typeof fault?.code === 'number' ? fault.code : fault ? 1 : 0, stdout, stderr });
    });
  });
}

const written = (file: string): string => readFileSync(join(out, file), 'utf8');

test('right files pass, and a problem annotates its line', async () => {
  const passed = await run('check.sh', { CASES: 'no', DEFINITIONS: join(root, 'flink-sql') });
  expect([passed.exitCode, passed.stderr]).toEqual([0, '']);
  const checked = await run('check.sh', { CASES: 'no', FORMAT: 'github' });
  expect(checked.exitCode).toBe(1);
  expect(checked.stdout).toMatch(
    /^::error file=\S+ticking\/detections\/count\.sql,line=1,title=header-field::/m,
  );
});

test('the first plan is performed', async () => {
  expect(await run('plan.sh')).toMatchObject({ exitCode: 0 });
  expect(written('changes')).toBe('yes\n');
  expect(written('plan.md')).toMatch(
    /^### spillway plan: local\n\n````diff\nticking \(local\) is not there yet\n/,
  );
  expect(await run('apply.sh')).toMatchObject({ exitCode: 0 });
});

test('a changed parameter becomes a comment', async () => {
  commit({ keys: 4 });
  expect(await run('plan.sh')).toMatchObject({ exitCode: 0 });
  expect(written('plan.md')).toContain("-    'fields.k.max' = '3'\n+    'fields.k.max' = '4'\n");
});

test('exactly that plan is performed, once', async () => {
  const applied = await run('apply.sh');
  expect(applied.exitCode).toBe(0);
  expect(applied.stderr).toContain('checkpoint done');

  const again = await run('apply.sh');
  expect(again.exitCode).toBe(1);
  expect(again.stderr).toContain('moved since the plan was made');
});

test('where nothing differs there is no drift, and nothing to apply', async () => {
  expect(await run('drift.sh')).toMatchObject({ exitCode: 0 });
  expect(written('changes')).toBe('no\n');
  expect(existsSync(join(out, 'plan-ticking.json'))).toBe(false);
  const applied = await run('apply.sh');
  expect(applied).toMatchObject({ exitCode: 0, stdout: `nothing to do: there is no plan in ${out}\n` });
});

test('a change by hand is drift', async () => {
  const ApplicationName = 'spillway-local-ticking';
  const { ApplicationDetail } = await service.send(new DescribeApplicationCommand({ ApplicationName }));
  await service.send(
    new UpdateApplicationCommand({
      ApplicationName,
      CurrentApplicationVersionId: ApplicationDetail?.ApplicationVersionId,
      ApplicationConfigurationUpdate: {
        FlinkApplicationConfigurationUpdate: {
          CheckpointConfigurationUpdate: { CheckpointIntervalUpdate: 7_000 },
        },
      },
    }),
  );
  const { exitCode, stderr } = await run('drift.sh');
  expect(stderr).toContain('what runs in local is not what the files say');
  expect(exitCode).toBe(2);
  expect(written('plan.md')).toContain('[drift]');
  expect(written('plan.md')).toContain('[checkpoint-interval]');
});

test('what cannot be found out is no drift', async () => {
  const { exitCode, stderr } = await run('drift.sh', { DEFINITIONS: join(folder, 'ticking') });
  expect(exitCode).toBe(1);
  expect(stderr).not.toContain('is not what the files say');
});
