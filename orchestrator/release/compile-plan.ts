import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ParameterTexts } from '../definition/parameter-values';
import { keepNewest, plannerFiles } from './planner-files';
import { type ApplicationFiles, runRunner, type RunnerOptions } from './run-runner';

const compiledPlan = z.object({
  flinkVersion: z.string(),
  nodes: z.array(z.looseObject({ id: z.number().int(), type: z.string() })),
  edges: z.array(z.looseObject({ source: z.number().int(), target: z.number().int() })),
});

/**
 * Flink's plan of an application's one job. Node ids begin at 1 and are the same for the same SQL; two plans are compared
 * without `id` and `description`, because a node more shifts them all.
 */
export type CompiledPlan = z.infer<typeof compiledPlan>;

/** How many plans (150 kB each) and rendered texts are kept. */
const FILES_KEPT = 400;

/**
 * Compiles an application's plan with these values. The same files, values, runner and Flink have the same plan, so that
 * it is kept and compiled once; `.spillway/plans` may be removed at any time.
 *
 * Throws a DefinitionFault with file and line for what Flink refuses; for the rest see runRunner.
 */
export async function compilePlan(
  application: ApplicationFiles,
  parameters: ParameterTexts,
  options: RunnerOptions,
): Promise<CompiledPlan> {
  const read = (text: string): CompiledPlan => compiledPlan.parse(JSON.parse(text));
  return keeping('plan', 'json', application, parameters, options, read);
}

/** The SQL that runs with these values, statement by statement with its file and line; kept as plans are. */
export async function renderSql(
  application: ApplicationFiles,
  parameters: ParameterTexts,
  options: RunnerOptions,
): Promise<string> {
  return keeping('sql', 'sql', application, parameters, options, (text) => {
    if (text.trim() === '') throw new Error('the runner rendered nothing');
    return text.trim() + '\n';
  });
}

/** What the runner says, read from where it was kept, else asked for and kept. */
async function keeping<T>(
  what: 'plan' | 'sql',
  extension: string,
  application: ApplicationFiles,
  parameters: ParameterTexts,
  options: RunnerOptions,
  read: (text: string) => T,
): Promise<T> {
  const planner = plannerFiles(options.workFolder, options.runnerJar, options.java ?? 'java');
  const folder = join(options.workFolder, 'plans');
  const file = join(folder, `${planKey(application, parameters, planner.contentHash)}.${extension}`);
  const kept = readKept(file, read);
  if (kept !== undefined) return kept;
  const there = existsSync(planner.archive);
  const archive = { use: there, make: what === 'plan' && !there };
  const text = await runRunner(what, application, parameters, planner, options, archive);
  const value = read(text);
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
  keepNewest(folder, FILES_KEPT);
  return value;
}

/** What was kept, from now on the newest; undefined if there is none, or if it does not read. */
function readKept<T>(file: string, read: (text: string) => T): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const value = read(readFileSync(file, 'utf8'));
    const now = new Date();
    utimesSync(file, now, now);
    return value;
  } catch {
    // Somebody cut or removed it: it is made anew.
    return undefined;
  }
}

function planKey({ name, files }: ApplicationFiles, parameters: ParameterTexts, planner: string): string {
  const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);
  const content = [name, planner, [...files].sort(byName), Object.entries(parameters).sort(byName)];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
}
