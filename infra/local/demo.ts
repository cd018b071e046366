import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parseArgs } from 'node:util';
import { clientSettings } from '../../lambdas/delivery/environment';
import { main as orchestrator } from '../../orchestrator/main';
import { errorText } from './event-sources/pause';
import type { ArchivedUsage } from './demo/archived-usage';
import { limitForPace, measureMachinePace } from './demo/machine-pace';
import { count, Narration, seconds, table } from './demo/narration';
import { type DemoResult, runDemo } from './demo/run-demo';
import { type LocalPage, startPage } from './page/page';
import { type Interruption, stopOnSignals } from './processes/interruption';
import { startLocalSpillway } from './spillway';
import { watchedLocally } from './page/watched-locally';
import { type LocalSystem, startLocalSystem } from './system';

const help = `Shows the main job on real servers on this machine: a few looping tenants overheat their partitions of a
DynamoDB table, are found by the Flink application, and are refused at the edge. Window, limit and length of the suspension are the
defaults, so it takes about four minutes; two of them pass until the suspensions end. A machine that is too slow to
pass the default limit of 60,000 write units in two minutes gets a lower one, and the demo says so.

  npm run demo                      tells each step, then the summary
  npm run demo -- --json            the summary as one JSON document on stdout
  npm run demo -- --limit 20000     that limit, whatever the machine takes
`;

const windowSeconds = 120;
const defaultLimit = 60_000;
const suspensionSeconds = 120;

async function demo(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      limit: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const givenLimit = values.limit === undefined ? undefined : limitFrom(values.limit);
  const talk = (text: string): void => void process.stderr.write(text);
  const narration = new Narration(talk);
  const interruption = stopOnSignals((line) => narration.event('stop', line));

  const page = await startPage();
  interruption.beforeExit('the page', () => page.stop());
  narration.heading(`Watch it at ${page.url}`);
  try {
    return await demoBeside(page, narration, interruption, { json: values.json, givenLimit });
  } finally {
    await page.stop();
  }
}

async function demoBeside(
  page: LocalPage,
  narration: Narration,
  interruption: Interruption,
  { json, givenLimit }: { readonly json: boolean; readonly givenLimit: number | undefined },
): Promise<number> {
  page.phase('Starting the servers');
  narration.heading('Servers on 127.0.0.1');
  const system = await startLocalSystem({ interruption, log: (line) => narration.event('server', line) });
  try {
    const result = await onSystem(system, page, narration, interruption, givenLimit);
    process.stdout.write(json ? `${JSON.stringify(result.summary)}\n` : summaryText(result));
    const { found, looping, falselySuspended, identicalWrites } = result.summary;
    if (found < looping) {
      process.stderr.write(
        '\nNot every looping tenant was found in time. If the heat above never passed the limit, this machine was too ' +
          'busy to write that much: try `npm run demo -- --limit 10000`.\n',
      );
    }
    return found === looping && falselySuspended === 0 && identicalWrites.foundByReporter ? 0 : 1;
  } finally {
    await system.stop();
  }
}

async function onSystem(
  system: LocalSystem,
  page: LocalPage,
  narration: Narration,
  interruption: Interruption,
  givenLimit: number | undefined,
): Promise<DemoResult> {
  const { signal } = interruption;
  const limit = givenLimit ?? (await limitForMachine(system, narration, signal));
  const spillway = await startLocalSpillway(system, {
    name: 'spillway',
    suspensionSeconds,
    log: ({ event, message }) => narration.event('function', `${event}: ${message}`),
  });
  interruption.beforeExit('Spillway', () => spillway.stop());
  page.watch(watchedLocally(system, spillway));
  interruption.beforeExit('the page', () => page.stop());
  try {
    page.phase('Rolling out the application');
    narration.heading('The application, rolled out by the orchestrator');
    const { stdin, stderr } = process;
    const settings = limit === defaultLimit ? [] : ['--set', `limit=${limit}`];
    const exitCode = await orchestrator(['apply', '--env', 'local', ...settings], {
      stdin,
      stdout: stderr,
      stderr,
      env: { ...process.env, ...spillway.environment },
    });
    if (exitCode !== 0) throw new Error('the application could not be rolled out; the lines above say why');
    signal.throwIfAborted();
    page.phase('Waiting for the first write');
    narration.heading(`Traffic against a limit of ${count(limit)} write units in ${windowSeconds} s`);
    return await runDemo(spillway, {
      windowSeconds,
      limit,
      suspensionSeconds,
      patienceMs: 180_000,
      folder: system.runFolder,
      startDynamoDb: (id) => system.startDynamoDb(id),
      page,
      narration,
      signal,
    });
  } finally {
    await page.unwatch();
    await spillway.stop();
  }
}

async function limitForMachine(
  system: LocalSystem,
  narration: Narration,
  signal: AbortSignal,
): Promise<number> {
  // Before the documents table: DynamoDB Local says of a stream that waits beside a busy table that it was trimmed.
  const client = new DynamoDBClient(clientSettings(system.environment, 'DYNAMODB'));
  const pace = await measureMachinePace(client, signal).finally(() => client.destroy());
  const limit = limitForPace(pace, defaultLimit, windowSeconds);
  const lowered =
    limit === defaultLimit ? '' : `; too slow to pass the default limit, so it is ${count(limit)}`;
  narration.event(
    'machine',
    `DynamoDB Local takes about ${count(Math.round(pace))} write units a second here${lowered}`,
  );
  return limit;
}

function limitFrom(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new RangeError(
    `--limit is ${JSON.stringify(text)}. Give a whole number of write units, such as 20000.`,
  );
}

function summaryText({ summary, estimated, archived }: DemoResult): string {
  const { median, max } = summary.crossingToRefusalMs;
  const rows: [string, string][] = [
    ['writes made', count(summary.writes)],
    ['write units, as DynamoDB counts them', count(summary.units)],
    ['write units, as the estimator does', count(estimated.units)],
    ['write units, as the archive has them', archivedText(archived, estimated.units)],
    ['looping tenants started', count(summary.looping)],
    ['looping tenants found', count(summary.found)],
    ['well-behaved tenants', count(summary.tenants - summary.looping)],
    ['well-behaved tenants suspended', count(summary.falselySuspended)],
    ['requests refused', count(summary.refused)],
    ['requests that failed', count(summary.failed)],
    ['limit passed to first refusal, median', seconds(median)],
    ['limit passed to first refusal, worst', seconds(max)],
    ['identical writes: units, as DynamoDB counts', count(summary.identicalWrites.units)],
    ['identical writes: units its stream shows', count(summary.identicalWrites.unitsInStream)],
    ['identical writes: found by the reporter', summary.identicalWrites.foundByReporter ? 'yes' : 'no'],
    ['identical writes: seen without it', summary.identicalWrites.seenByStream ? 'yes' : 'no'],
  ];
  return `\nSummary\n${table(rows)}`;
}

function archivedText({ units, records, objects }: ArchivedUsage, estimated: number): string {
  const equal = units === estimated ? 'the same' : 'NOT the same';
  return `${count(units)}, ${equal} (${count(records)} usage records in ${count(objects)} Parquet objects)`;
}

demo(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (cause: unknown) => {
    process.stderr.write(`\nThe demo ended early: ${errorText(cause)}\n`);
    process.exitCode = 1;
  },
);
