import { parseArgs } from 'node:util';
import { main as orchestrator } from '../../orchestrator/main';
import { errorText } from './event-sources/pause';
import { count, Narration, seconds, table } from './demo/narration';
import { type DemoResult, runDemo } from './demo/run-demo';
import { type Interruption, stopOnSignals } from './processes/interruption';
import { startLocalSpillway } from './spillway';
import { startLocalSystem } from './system';

const help = `Shows the main job on real servers on this machine: a few looping tenants overheat their partitions of a
DynamoDB table, are found by the Flink application, and are refused at the edge. Window, limit and length of the suspension are the
defaults, so it takes about four minutes; two of them pass until the suspensions end.

  npm run demo               tells each step, then the summary
  npm run demo -- --json     the summary as one JSON document on stdout
`;

const windowSeconds = 120;
const limit = 60_000;
const suspensionSeconds = 120;

async function demo(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const talk = (text: string): void => void process.stderr.write(text);
  const narration = new Narration(talk);
  const interruption = stopOnSignals((line) => narration.event('stop', line));

  narration.heading('Servers on 127.0.0.1');
  const system = await startLocalSystem({ interruption, log: (line) => narration.event('server', line) });
  try {
    const result = await onSystem(system, narration, interruption);
    process.stdout.write(values.json ? `${JSON.stringify(result.summary)}\n` : summaryText(result));
    const { found, looping, falselySuspended } = result.summary;
    return found === looping && falselySuspended === 0 ? 0 : 1;
  } finally {
    await system.stop();
  }
}

async function onSystem(
  system: Awaited<ReturnType<typeof startLocalSystem>>,
  narration: Narration,
  interruption: Interruption,
): Promise<DemoResult> {
  const spillway = await startLocalSpillway(system, {
    name: 'spillway',
    suspensionSeconds,
    log: ({ event, message }) => narration.event('function', `${event}: ${message}`),
  });
  interruption.beforeExit('Spillway', () => spillway.stop());
  try {
    narration.heading('The application, rolled out by the orchestrator');
    const { stdin, stderr } = process;
    const exitCode = await orchestrator(['apply', '--env', 'local'], {
      stdin,
      stdout: stderr,
      stderr,
      env: { ...process.env, ...spillway.environment },
    });
    if (exitCode !== 0) throw new Error('the application could not be rolled out; the lines above say why');
    const { signal } = interruption;
    signal.throwIfAborted();
    narration.heading(`Traffic against a limit of ${count(limit)} write units in ${windowSeconds} s`);
    return await runDemo(spillway, {
      windowSeconds,
      limit,
      suspensionSeconds,
      patienceMs: 180_000,
      narration,
      signal,
    });
  } finally {
    await spillway.stop();
  }
}

function summaryText({ summary, estimated }: DemoResult): string {
  const { median, max } = summary.crossingToRefusalMs;
  const rows: [string, string][] = [
    ['writes made', count(summary.writes)],
    ['write units, as DynamoDB counts them', count(summary.units)],
    ['write units, as the estimator does', count(estimated.units)],
    ['looping tenants started', count(summary.looping)],
    ['looping tenants found', count(summary.found)],
    ['well-behaved tenants', count(summary.tenants - summary.looping)],
    ['well-behaved tenants suspended', count(summary.falselySuspended)],
    ['requests refused', count(summary.refused)],
    ['requests that failed', count(summary.failed)],
    ['limit passed to first refusal, median', seconds(median)],
    ['limit passed to first refusal, worst', seconds(max)],
  ];
  return `\nSummary\n${table(rows)}`;
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
