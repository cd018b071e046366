import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { main as orchestrator } from '../../orchestrator/main';
import { Narration, table } from './demo/narration';
import { errorText, pause } from './event-sources/pause';
import { type ExampleApi, startExampleApi } from './example/api';
import { documentsTable } from './example/documents-table';
import { type LocalPage, startPage } from './page/page';
import { refusalsEverySeconds, watchedLocally } from './page/watched-locally';
import { type Interruption, stopOnSignals } from './processes/interruption';
import { needFree } from './processes/ports';
import { workFolder } from './processes/work-folder';
import { type LocalSpillway, type LocalSpillwayOptions, startLocalSpillway } from './spillway';
import { type LocalSystem, startLocalSystem } from './system';

const help = `Keeps the whole system up on this machine until Ctrl-C, with an example API to write to.

  npm run local
  npm run local -- --port 8080            the example API's port; a free one unless given
  npm run local -- --page-port 8081       the page's port; a free one unless given
  npm run local -- --suspension-seconds 60
  npm run local -- --webhook http://…     told who is suspended, lifted and ended, as POST requests of JSON
  npm run local -- --set limit=2000       parameters of the application, over their defaults; repeatable
`;

const notApplied = `
The application is not healthy (why stands above), so that nobody is suspended. Put it right, then:
  npm run spillway -- apply --env local
`;

/** Where `npm run spillway` finds what runs here. */
const stateFile = join(workFolder, 'local.json');

async function local(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      'page-port': { type: 'string', default: '0' },
      'suspension-seconds': { type: 'string', default: '120' },
      webhook: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const port = wholeNumber('--port', values.port, 65_535);
  // Asked now, because the servers take half a minute before the API is started. 0 is any free port.
  await needFree('the example API', port);
  const pagePort = wholeNumber('--page-port', values['page-port'], 65_535);
  const suspensionSeconds = wholeNumber('--suspension-seconds', values['suspension-seconds'], 604_800);
  const narration = new Narration((text) => process.stderr.write(text));
  const interruption = stopOnSignals((line) => narration.event('stop', line));

  const page = await startPage(pagePort);
  interruption.beforeExit('the page', () => page.stop());
  narration.heading(`Watch it at ${page.url}`);
  try {
    const { set, webhook } = values;
    await localBeside(
      page,
      interruption,
      { suspensionSeconds, webhookUrl: webhook },
      {
        port,
        set,
        narration,
        signal: interruption.signal,
      },
    );
  } finally {
    await page.stop();
  }
}

async function localBeside(
  page: LocalPage,
  interruption: Interruption,
  told: Pick<LocalSpillwayOptions, 'suspensionSeconds' | 'webhookUrl'>,
  serving: Serving,
): Promise<void> {
  const { narration } = serving;
  page.phase('Starting the servers');
  narration.heading('Servers on 127.0.0.1');
  const system = await startLocalSystem({ interruption, log: (line) => narration.event('server', line) });
  try {
    const spillway = await startLocalSpillway(system, {
      name: 'spillway',
      ...told,
      log: ({ event, message }) => narration.event('function', `${event}: ${message}`),
    });
    interruption.beforeExit('Spillway', () => spillway.stop());
    page.watch(watchedLocally(system, spillway));
    interruption.beforeExit('the page', () => page.stop());
    try {
      await serve(system, spillway, page, serving);
    } finally {
      await page.unwatch();
      await spillway.stop();
    }
  } finally {
    rmSync(stateFile, { force: true });
    await system.stop();
  }
}

interface Serving {
  readonly port: number;
  readonly set: readonly string[];
  readonly narration: Narration;
  readonly signal: AbortSignal;
}

async function serve(
  system: LocalSystem,
  spillway: LocalSpillway,
  page: LocalPage,
  serving: Serving,
): Promise<void> {
  const { narration, signal } = serving;
  writeFileSync(
    stateFile,
    JSON.stringify({ environment: spillway.environment, redisUrl: system.redisUrl }, null, 2),
  );
  page.phase('Rolling out the application');
  narration.heading('The application');
  const { stdin, stderr } = process;
  const settings = serving.set.flatMap((setting) => ['--set', setting]);
  const exitCode = await orchestrator(['apply', '--env', 'local', ...settings], {
    stdin,
    stdout: stderr,
    stderr,
    env: { ...process.env, ...spillway.environment },
  });
  if (signal.aborted) return;
  const guard = spillway.createGuard({
    flushSeconds: refusalsEverySeconds,
    onEvent: ({ kind, message }) => narration.event('guard', `${kind}: ${message}`),
  });
  let api: ExampleApi | undefined;
  try {
    await guard.start();
    api = await startExampleApi(spillway.dynamodb, guard, serving.port);
    page.phase('Waiting for the first write');
    const environment = spillway.environment;
    process.stdout.write(
      `\nRunning until Ctrl-C\n${table([
        ['the page', page.url],
        ['example API', `${api.url}/apps/<app>/documents/<id>`],
        ['DynamoDB', environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? ''],
        ['Kinesis', environment['AWS_ENDPOINT_URL_KINESIS'] ?? ''],
        ['SQS and S3', environment['AWS_ENDPOINT_URL_SQS'] ?? ''],
        ['Redis', system.redisUrl],
        ['Flink', system.flinkRestUrl ?? ''],
        ['Managed Flink', environment['AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2'] ?? ''],
        ['archive', `s3://${spillway.resources.archiveBucket}/usage/, written every half minute`],
        ['logs', join(system.runFolder, 'logs')],
      ])}
Write to the table ${documentsTable.name} as a tenant:
  curl -X PUT ${api.url}/apps/app_1/documents/note --data 'hello'
Loop, until it is refused (about a minute at the default limit):
  head -c 300000 /dev/zero | tr '\\0' x > .spillway/document.txt
  while curl -fsS -o /dev/null -X PUT ${api.url}/apps/app_2/documents/copy --data-binary @.spillway/document.txt; do :; done
See how the application is doing, and who is suspended:
  npm run spillway -- status --env local
  npm run spillway -- suspensions list --env local
${exitCode === 0 ? '' : notApplied}`,
    );
    while (!signal.aborted) await pause(1_000, signal);
  } finally {
    await api?.stop();
    await guard.stop();
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new RangeError(`${option} is ${JSON.stringify(text)}. Give a whole number from 0 to ${most}.`);
}

local(process.argv.slice(2)).catch((cause: unknown) => {
  process.stderr.write(`\nThe local system ended: ${errorText(cause)}\n`);
  process.exitCode = 1;
});
