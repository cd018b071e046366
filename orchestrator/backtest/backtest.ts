import { join } from 'node:path';
import type { Excess } from '../../lambdas/contracts/excess';
import type { Policy } from '../../lambdas/contracts/policy';
import type { UsageArchive } from '../archive/usage-archive';
import { withRunFolder } from '../cases/flink-jvm';
import { compareExcesses, type Comparison, type Span } from '../comparison/compare-excesses';
import type { ParameterTexts } from '../definition/parameter-values';
import { durationSeconds } from '../definition/parameters';
import type { Definition } from '../definition/read-definition';
import type { DescribedDetection } from './chosen-detections';
import { usageOfFound } from './found-usage';
import type { LateEntries } from './late-entries';
import { type OrderedUsage, readOrderedUsage, writeOrderedUsage } from './ordered-usage';
import { type RuleFigures, ruleFigures } from './rule-figures';
import { type RuleRun, runRules } from './run-rules';

/** A set of parameters that is tried. */
export interface TriedRule {
  readonly label: string;
  readonly parameters: ParameterTexts;
}

export interface BacktestInput {
  readonly definition: Definition;
  /** Folder with the applications. */
  readonly definitions: string;
  readonly detections: readonly DescribedDetection[];
  readonly span: Span;
  /** What the others are compared with. */
  readonly old: TriedRule;
  readonly rules: readonly TriedRule[];
  readonly archive: UsageArchive;
  readonly late: LateEntries;
  readonly policy: Policy;
  readonly exempt: ReadonlySet<string>;
  readonly knownGood: ReadonlySet<string> | undefined;
  readonly reactionSeconds: number;
  readonly runnerJar: string;
  readonly workFolder: string;
}

/** One set of parameters: what it would have done, and how that differs from the old. */
export interface RuleOutcome {
  readonly figures: RuleFigures;
  readonly found: readonly string[];
  readonly released: readonly string[];
  readonly excesses: readonly Excess[];
}

export interface BacktestOutcome {
  readonly usage: OrderedUsage;
  readonly old: RuleOutcome;
  readonly rules: readonly RuleOutcome[];
  /** Old beside new, where there is one new. */
  readonly comparison?: Comparison | undefined;
  readonly cpuSeconds: number;
}

/** How a backtest is getting on. */
export interface Listener {
  say(line: string): void;
  live(text: string): void;
}

/** Begins the application's name in every excess of a backtest: nobody hears an application of that name. */
export const mark = 'backtest of ';

/**
 * Runs the application over the archive with each set of parameters, and reckons what would have followed. What comes out
 * is this document and nothing else. Throws a UserFault where the span, the archive or the SQL do not bear it.
 */
export async function backtest(input: BacktestInput, { say, live }: Listener): Promise<BacktestOutcome> {
  const { definition, span, archive, workFolder } = input;
  const tried = [input.old, ...input.rules];
  const parameters = tried.map((rule) => runParameters(rule.parameters, definition.name));
  return withRunFolder(workFolder, 'backtests', async (folder) => {
    const usageFile = join(folder, 'usage.txt');
    const fromSecond = span.from - warmUpSeconds(parameters);
    const usage = await writeOrderedUsage(
      archive.records({ fromSecond, untilSecond: span.until, arrivedUntilSecond: span.until + hourSeconds }),
      input.late,
      usageFile,
      span,
      (records, second) => {
        const percent = Math.floor((100 * (second - fromSecond)) / (span.until - fromSecond));
        live(`reading the archive: ${percent} %, ${records} records`);
      },
    );
    const what = parameters.length === 1 ? 'one run' : `${parameters.length} runs`;
    say(`${usage.records} records with ${usage.entries} entries were read; Flink makes ${what} over them`);
    const application = join(input.definitions, definition.name);
    const detections = input.detections.map(({ name }) => name);
    const runs = await runRules(
      parameters,
      usage.entries,
      { ...input, application, detections, usageFile, folder },
      (done) => {
        live(`${done} of ${parameters.length} runs are done`);
      },
    );
    return judged(input, usage, tried, runs, usageFile);
  });
}

const hourSeconds = 3_600;

async function judged(
  input: BacktestInput,
  usage: OrderedUsage,
  tried: readonly TriedRule[],
  runs: readonly RuleRun[],
  usageFile: string,
): Promise<BacktestOutcome> {
  const { span } = input;
  const all = runs.flatMap(({ excesses }) => excesses);
  const found = await usageOfFound(all, readOrderedUsage(usageFile));
  const options = { ...figuresOptions(input), usage: found };
  const first = runs[0]?.excesses ?? [];
  // An excess is named by the end of its window, which is the second after the one that made it.
  const ends = { from: span.from + 1, until: span.until + 1 };
  const outcomes = tried.map((rule, at): RuleOutcome & { comparison: Comparison } => {
    const excesses = runs[at]?.excesses ?? [];
    const comparison = compareExcesses(first, excesses, ends);
    return {
      figures: ruleFigures(rule.label, rule.parameters, excesses, options),
      found: comparison.found,
      released: comparison.released,
      excesses,
      comparison,
    };
  });
  const [old, ...rules] = outcomes;
  if (old === undefined) throw new Error('a backtest has an old rule');
  return {
    usage,
    old,
    rules,
    comparison: rules.length === 1 ? rules[0]?.comparison : undefined,
    cpuSeconds: Math.max(0, ...runs.map(({ cpuMs }) => cpuMs)) / 1_000,
  };
}

function figuresOptions(input: BacktestInput): Omit<Parameters<typeof ruleFigures>[3], 'usage'> {
  const { definition, policy, exempt, knownGood, span, detections, reactionSeconds, old } = input;
  const delaySeconds = durationSeconds(old.parameters['delay'] ?? '') ?? 0;
  const waiting = new Set(detections.filter(({ atOnce }) => !atOnce).map(({ name }) => name));
  return {
    ...{ application: definition.name, policy, exempt, knownGood, until: span.until },
    reactionMs: (detection) => (reactionSeconds + (waiting.has(detection) ? delaySeconds : 0)) * 1_000,
  };
}

/** What a run gets: the values as they are, but for what belongs to rollouts, and the mark. */
function runParameters(parameters: ParameterTexts, application: string): ParameterTexts {
  const own = { application: `${mark}${application}`, cutover: '0' };
  const known = Object.entries(own).filter(([name]) => parameters[name] !== undefined);
  return { ...parameters, ...Object.fromEntries(known) };
}

/**
 * Twice the longest duration: after one, a window holds all that belongs into it; after two, so did the one before, which
 * decides whether an excess is the first of its episode.
 */
function warmUpSeconds(rules: readonly ParameterTexts[]): number {
  const durations = rules.flatMap((parameters) => Object.values(parameters).map(durationSeconds));
  return 2 * Math.max(0, ...durations.map((seconds) => seconds ?? 0));
}
