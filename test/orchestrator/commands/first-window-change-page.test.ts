import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { destroyClients, type LocalClients, localClients } from '../../../infra/local/clients';
import { type ManagedFlink, startManagedFlink } from '../../../infra/local/managed-flink/server';
import { createResources, type Resources } from '../../../infra/local/resources';
import { putUsage } from '../../end-to-end/put-usage';
import { removeApplication } from '../../end-to-end/throttle';
import { warmSystem } from '../../parts/warm-system';
import { runSpillway } from '../run-spillway';

const root = resolve(__dirname, '../../..');
const page = readFileSync(join(root, 'docs', 'first-window-change.md'), 'utf8');
const system = warmSystem();
const folder = join(system.runFolder, 'first-window-change');
const ended = new AbortController();
let flink: ManagedFlink;
let clients: LocalClients;
let resources: Resources;
let writing: Promise<void>;
let environment: Readonly<Record<string, string | undefined>>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'flink-sql', 'throttle'), join(folder, 'throttle'), { recursive: true });
  flink = await startManagedFlink({
    flinkRestUrl: system.flinkRestUrl,
    environment: system.environment,
    folder: join(folder, 'managed-flink'),
  });
  environment = { ...system.environment, AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: flink.endpoint };
  clients = localClients(environment);
  resources = await createResources(clients, 'staging', 1);
  writing = write(ended.signal);
  writeEnvironment({});
  await runSpillway(['apply', 'throttle', '--env', 'staging', '--definitions', folder], environment);
});
afterAll(async () => {
  ended.abort();
  await writing;
  for (const end of ['', '-green']) await removeApplication(environment, `spillway-staging-throttle${end}`);
  destroyClients(clients);
  await flink.stop();
});

test('each command of the page prints what the page shows', async () => {
  const shown = examples();
  expect(shown.map(({ args }) => args[0])).toEqual(['status', 'plan', 'apply', 'plan', 'history']);
  const edit = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
  for (const { args, output } of shown) {
    if (args.includes('--out')) writeEnvironment((JSON.parse(edit) as { parameters: object }).parameters);
    const placed = args.map((word) => (word === 'window.json' ? join(folder, word) : word));
    const { stdout, stderr } = await runSpillway([...placed, '--definitions', folder], environment);
    // A terminal shows the talk before the result.
    expect(plain(`${stderr}${stdout}`.replaceAll(`${folder}/`, ''))).toEqual(plain(output));
  }
});

/** Each command of the page with the output that follows it, in order. */
function examples(): { args: string[]; output: string }[] {
  return [...page.matchAll(/```console\n(.*?)```/gs)].flatMap(([, block = '']) =>
    block
      .split(/^\$ spillway /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...output] = text.split('\n');
        return { args: command.split(' '), output: output.join('\n').trim() };
      }),
  );
}

/**
 * Without what differs from run to run: numbers, moments, hashes, the widths of columns, and which gate holds first. A
 * checkpoint may fail while the tasks start, and how far the job is may not be known yet.
 */
function plain(text: string): string[] {
  return text
    .replace(/\b[0-9a-f]{32}\b/g, 'HASH')
    .replace(/, \d+ failed/g, '')
    .replace(/lag: not measured/g, 'lag: 0.0 s')
    .replace(/\d[\d.:TZ-]*/g, '#')
    .replace(/ +/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort();
}

function writeEnvironment(parameters: object): void {
  const { usageStream: usage, excessStream: excess, setAsideStream: setAside } = resources;
  const { codeBucket, controlTable } = resources;
  const staging = {
    ...{ region: 'us-east-1', account: '000000000000', codeBucket, controlTable },
    ...{ streams: { usage, excess, setAside }, checkpointInterval: '2s', parameters },
  };
  writeFileSync(join(folder, 'environments.json'), JSON.stringify({ staging }));
}

/** A little usage each second, as of an API that is used: a job tells how far it is by what it reads. */
async function write(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const second = Math.floor(Date.now() / 1_000);
    const entry = { resource: 'users', key: 'S:app_1', subject: 'app_1', units: 1, writes: 1 };
    await putUsage(clients, resources, [
      { version: 1, source: 'users', batch: `second-${second}`, part: 0, second, entries: [entry] },
    ]);
    await pause(1_000);
  }
}
