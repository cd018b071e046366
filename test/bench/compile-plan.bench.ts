import { mkdtempSync, rmSync, symlinkSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { workFolder as realWorkFolder } from '../../infra/local/processes/work-folder';
import { readEnvironment } from '../../orchestrator/definition/environments';
import { type ParameterTexts, parameterValues } from '../../orchestrator/definition/parameter-values';
import { readDefinition } from '../../orchestrator/definition/read-definition';
import { compilePlan } from '../../orchestrator/release/compile-plan';
import { plannerFiles } from '../../orchestrator/release/planner-files';
import { runRunner } from '../../orchestrator/release/run-runner';
import { atMost, type BenchResult } from './bench';

const ROUNDS = 5;
const runnerJar = join(realWorkFolder, 'runner', 'spillway-runner.jar');

/**
 * How long the plan of throttle takes in a fresh JVM with the archive of loaded classes, beside the same without it, in
 * turns. Each round compiles with another limit, so that no plan is a kept one.
 */
export async function bench(): Promise<BenchResult> {
  const definitions = resolve(__dirname, '../../flink-sql');
  const throttle = readDefinition(definitions, 'throttle');
  const values = parameterValues(throttle, readEnvironment(join(definitions, 'environments.json'), 'local'));
  const workFolder = mkdtempSync(join(realWorkFolder, 'bench-'));
  try {
    for (const name of ['flink', 'planner']) {
      mkdirSync(join(workFolder, name));
      symlinkSync(join(realWorkFolder, name, 'lib'), join(workFolder, name, 'lib'));
    }
    const options = { workFolder, runnerJar };
    const planner = plannerFiles(workFolder, runnerJar, 'java');
    const withLimit = (limit: number): ParameterTexts => ({ ...values, limit: String(limit) });
    const first = await seconds('first, making the archive', () =>
      compilePlan(throttle, withLimit(1), options),
    );
    const warm: number[] = [];
    const without: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const limit = withLimit(round + 2);
      warm.push(await seconds('with the archive', () => compilePlan(throttle, limit, options)));
      without.push(
        await seconds('without', () =>
          runRunner('plan', throttle, limit, planner, options, { use: false, make: false }),
        ),
      );
    }
    const kept = await seconds('kept', () => compilePlan(throttle, withLimit(2), options));
    const told = (median(warm) / median(without)).toFixed(2);
    return {
      bench: 'compile-plan',
      aims: [
        atMost(`a plan of throttle with the archive, median; ${told} × a JVM without`, 5, median(warm), 's'),
      ],
      details: {
        rounds: ROUNDS,
        ratioToWithoutArchive: Number(told),
        firstSeconds: first,
        warmSeconds: warm,
        withoutArchiveSeconds: without,
        keptSeconds: kept,
      },
    };
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

async function seconds(what: string, work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  const took = Number(((performance.now() - startedMs) / 1_000).toFixed(2));
  process.stderr.write(`compile-plan: ${what}: ${took} s\n`);
  return took;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
