import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type Excess, excess } from '../../lambdas/contracts/excess';
import { runOnFlink } from '../cases/flink-jvm';
import type { Span } from '../comparison/compare-excesses';
import type { ParameterTexts } from '../definition/parameter-values';
import { UserFault } from '../user-fault';

/** What all runs of a backtest share. */
export interface RulesOptions {
  /** The application's folder. */
  readonly application: string;
  /** By their files' names. */
  readonly detections: readonly string[];
  /** What writeOrderedUsage wrote. */
  readonly usageFile: string;
  readonly folder: string;
  readonly span: Span;
  readonly runnerJar: string;
  readonly workFolder: string;
}

/** What one set of parameters came to. */
export interface RuleRun {
  /** Of the span, in the order of their ends; each second of a key once. */
  readonly excesses: readonly Excess[];
  readonly tookMs: number;
  /** What the JVM had used of the processors when this run ended. */
  readonly cpuMs: number;
}

const answerLine = z.object({
  id: z.number().int(),
  tookMs: z.number(),
  cpuMs: z.number(),
  error: z.string().optional(),
});

const mostSideBySide = 4;
const heapMegabytes = 2048;
const mostRows = 500_000;
const startSeconds = 180;
/** Entries that the slowest detection takes a second at the least, with processors that are busy otherwise. */
const leastEntriesPerSecond = 200;

/**
 * Runs the application over the records once for each set of parameters, on one warm Flink. Throws a UserFault with what
 * Flink says where a run fails.
 */
export async function runRules(
  rules: readonly ParameterTexts[],
  entries: number,
  options: RulesOptions,
  onEnd: (done: number) => void,
): Promise<RuleRun[]> {
  const runs: (Omit<RuleRun, 'excesses'> | undefined)[] = rules.map(() => undefined);
  const patienceSeconds = startSeconds + Math.ceil((rules.length * entries) / leastEntriesPerSecond);
  const output = join(options.folder, 'runs');
  let done = 0;
  await runOnFlink(
    {
      ...options,
      main: 'spillway.runner.backtest.BacktestMain',
      what: 'the runs of the backtest',
      heapMegabytes,
      isShort: entries * rules.length < 200_000,
    },
    {
      ...{ records: options.usageFile, folder: output, mostRows, patienceSeconds, stateBackend: 'hashmap' },
      sideBySide: Math.min(rules.length, availableParallelism(), mostSideBySide),
      runs: rules.map((parameters, id) => ({
        ...{ id, parameters, detections: options.detections },
        application: resolve(options.application),
      })),
    },
    (patienceSeconds + startSeconds) * 1_000,
    (line) => {
      const { id, error, ...times } = answerLine.parse(JSON.parse(line));
      if (error !== undefined) throw new UserFault(`Flink could not run the backtest: ${error}`);
      runs[id] = times;
      done += 1;
      onEnd(done);
    },
  );
  return runs.map((times, id) => {
    if (times === undefined) throw new Error(`run ${id} of ${rules.length} gave no answer`);
    return { ...times, excesses: excessesOf(join(output, String(id)), options.span) };
  });
}

function excessesOf(folder: string, { from, until }: Span): Excess[] {
  // In the order of seconds nothing can be late: if something was, what came out rests on less than the archive holds.
  for (const table of ['late', 'malformed']) {
    const [first] = rowsOf(folder, table);
    if (first === undefined) continue;
    throw new UserFault(
      `the application set a record of the archive aside (${table}): ${first.slice(0, 500)}`,
    );
  }
  const stated = rowsOf(folder, 'excess').map((line) => excess.parse(JSON.parse(line)));
  return closingExcesses(stated.filter(({ windowEnd }) => windowEnd > from && windowEnd <= until));
}

function rowsOf(folder: string, table: string): string[] {
  const file = join(folder, `${table}.jsonl`);
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

/**
 * One excess for each second of a key that was spoken of: a detection that speaks at once does so with the units known
 * so far, and again with all of them when the second is closed. Both are the same request.
 */
function closingExcesses(excesses: readonly Excess[]): Excess[] {
  const last = new Map<string, Excess>();
  for (const one of excesses) {
    const { detection, resource, key, subject, windowEnd } = one;
    const name = JSON.stringify([detection, resource, key, subject, windowEnd]);
    const before = last.get(name);
    if (before === undefined || before.units <= one.units) last.set(name, one);
  }
  const text = ({ detection, resource, key, subject }: Excess): string =>
    JSON.stringify([detection, resource, key, subject]);
  return [...last.values()].sort((a, b) => a.windowEnd - b.windowEnd || (text(a) < text(b) ? -1 : 1));
}
