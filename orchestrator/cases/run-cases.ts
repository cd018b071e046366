import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { runOnFlink, withRunFolder } from './flink-jvm';
import type { GoldenCase, Row } from './golden-case';

export interface CasesOptions {
  /** Folder with the applications. */
  readonly definitions: string;
  /** The runner's JAR; the one that runs cases lies beside it. */
  readonly runnerJar: string;
  /** Where set-up put Flink's libraries. */
  readonly workFolder: string;
  /**
   * Where Flink keeps state: on the heap, or as Managed Flink does.
   *
   * @default hashmap
   */
  readonly stateBackend?: 'hashmap' | 'rocksdb';
}

/** The rows of each table. */
export type TableRows = Readonly<Record<string, readonly Row[]>>;

/** What a case came to: the rows of each table, or why it could not be run. */
export interface CaseOutcome {
  readonly case: GoldenCase;
  readonly tookMs: number;
  readonly tables?: TableRows | undefined;
  /** What the application's references wrote to tables of those names. */
  readonly references?: TableRows | undefined;
  /** Those of the tables' rows that came after the last restore. */
  readonly lastPhase?: TableRows | undefined;
  readonly error?: string | undefined;
}

const tables = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));
const answerLine = z.object({
  id: z.number().int(),
  tookMs: z.number(),
  tables: tables.optional(),
  references: tables.optional(),
  lastPhase: tables.optional(),
  error: z.string().optional(),
});

const START_SECONDS = 180;
const SECONDS_PER_CASE = 60;

/**
 * Runs cases on one Flink in a JVM of its own, one after the other, and tells each outcome as it comes. Throws a UserFault
 * where set-up has not been, and an Error where the JVM itself fails.
 */
export async function runCases(
  cases: readonly GoldenCase[],
  options: CasesOptions,
  onOutcome: (outcome: CaseOutcome) => void,
): Promise<void> {
  await withRunFolder(options.workFolder, 'cases', async (folder) => {
    await runOnFlink(
      { ...options, folder, main: 'spillway.runner.cases.CasesMain', what: 'the cases' },
      requestOf(cases, folder, options),
      (START_SECONDS + SECONDS_PER_CASE * cases.length) * 1_000,
      (line) => {
        const { id, ...outcome } = answerLine.parse(JSON.parse(line));
        const asked = cases[id];
        if (asked === undefined) throw new Error(`the JVM answered case ${id}, which was not asked`);
        onOutcome({ case: asked, ...outcome });
      },
    );
  });
}

function requestOf(
  cases: readonly GoldenCase[],
  folder: string,
  { definitions, stateBackend = 'hashmap' }: CasesOptions,
): object {
  return {
    ...{ savepoints: pathToFileURL(join(folder, 'savepoints')).href, stateBackend },
    cases: cases.map(({ application, parameters, shards, startMs, phases }, id) => ({
      ...{ id, shards, startMs },
      phases: phases.map(({ release = { application, parameters }, parallelism, records }) => ({
        ...{ application: resolve(definitions, release.application), parameters: release.parameters },
        ...{ parallelism, records },
      })),
    })),
  };
}
