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

/** How many plans are kept, 150 kB each. */
const PLANS_KEPT = 200;

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
  const planner = plannerFiles(options.workFolder, options.runnerJar, options.java ?? 'java');
  const folder = join(options.workFolder, 'plans');
  const file = join(folder, `${planKey(application, parameters, planner.contentHash)}.json`);
  const kept = readKept(file);
  if (kept !== undefined) return kept;
  const there = existsSync(planner.archive);
  const archive = { use: there, make: !there };
  const text = await runRunner('plan', application, parameters, planner, options, archive);
  const plan = compiledPlan.parse(JSON.parse(text));
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
  keepNewest(folder, PLANS_KEPT);
  return plan;
}

/** The SQL that runs with these values, statement by statement with its file and line. */
export async function renderSql(
  application: ApplicationFiles,
  parameters: ParameterTexts,
  options: RunnerOptions,
): Promise<string> {
  const planner = plannerFiles(options.workFolder, options.runnerJar, options.java ?? 'java');
  const archive = { use: existsSync(planner.archive), make: false };
  return (await runRunner('sql', application, parameters, planner, options, archive)).trim() + '\n';
}

/** The plan that was kept, from now on the newest; undefined if there is none, or if it does not read. */
function readKept(file: string): CompiledPlan | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const plan = compiledPlan.parse(JSON.parse(readFileSync(file, 'utf8')));
    const now = new Date();
    utimesSync(file, now, now);
    return plan;
  } catch {
    // Somebody cut or removed it: it is compiled anew.
    return undefined;
  }
}

function planKey({ name, files }: ApplicationFiles, parameters: ParameterTexts, planner: string): string {
  const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);
  const content = [name, planner, [...files].sort(byName), Object.entries(parameters).sort(byName)];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
}
