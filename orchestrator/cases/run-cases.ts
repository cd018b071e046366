import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { keepNewest, plannerFiles } from '../release/planner-files';
import { UserFault } from '../user-fault';
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

// The JVM lives for some seconds: compiling little and early suits it.
const JVM_OPTIONS = [
  ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-Xmx1g'],
  ...['-Xlog:disable', '-Xlog:all=error:stderr'],
  ...['java.util', 'java.lang', 'java.time'].map((part) => `--add-opens=java.base/${part}=ALL-UNNAMED`),
];
const ARCHIVES_KEPT = 2;
const START_SECONDS = 180;
const SECONDS_PER_CASE = 60;
const LONGEST_ERROR_TEXT = 20_000;

/**
 * Runs cases on one Flink in a JVM of its own, one after the other, and tells each outcome as it comes. Throws a UserFault
 * where set-up has not been, and an Error where the JVM itself fails.
 */
export async function runCases(
  cases: readonly GoldenCase[],
  options: CasesOptions,
  onOutcome: (outcome: CaseOutcome) => void,
): Promise<void> {
  const casesJar = join(dirname(options.runnerJar), 'spillway-runner-cases.jar');
  if (!existsSync(casesJar)) throw new UserFault(`there is no ${casesJar}: run \`npm run set-up\``);
  const { jars, archive: plannerArchive } = plannerFiles(options.workFolder, options.runnerJar, 'java', [
    casesJar,
  ]);
  const archive = join(options.workFolder, 'cases', 'archives', basename(plannerArchive));
  mkdirSync(dirname(archive), { recursive: true });
  const folder = mkdtempSync(join(options.workFolder, 'cases', 'run-'));
  const draft = join(folder, 'archive.jsa');
  try {
    writeFileSync(join(folder, 'request.json'), JSON.stringify(requestOf(cases, folder, options)));
    await runJava(
      [
        ...JVM_OPTIONS,
        `-Djava.io.tmpdir=${folder}`,
        existsSync(archive) ? `-XX:SharedArchiveFile=${archive}` : `-XX:ArchiveClassesAtExit=${draft}`,
        ...['-cp', jars.join(delimiter), 'spillway.runner.cases.CasesMain', join(folder, 'request.json')],
      ],
      (START_SECONDS + SECONDS_PER_CASE * cases.length) * 1_000,
      (line) => {
        const { id, ...outcome } = answerLine.parse(JSON.parse(line));
        const asked = cases[id];
        if (asked === undefined) throw new Error(`the JVM answered case ${id}, which was not asked`);
        onOutcome({ case: asked, ...outcome });
      },
    );
    if (existsSync(draft)) {
      renameSync(draft, archive);
      keepNewest(dirname(archive), ARCHIVES_KEPT);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

async function runJava(args: string[], patienceMs: number, onLine: (line: string) => void): Promise<void> {
  const child = spawn('java', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  let fault: unknown;
  const stop = (reason: unknown): void => {
    fault ??= reason;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => {
    stop(
      new UserFault(`the cases were not done within ${patienceMs / 1_000} s; the machine may be too busy`),
    );
  }, patienceMs);
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-LONGEST_ERROR_TEXT);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    try {
      onLine(line);
    } catch (cause) {
      stop(cause);
    }
  });
  // Whoever ends this process does not want the outcomes any more.
  const abandon = (): void => void child.kill('SIGKILL');
  process.once('exit', abandon);
  try {
    const exitCode = await new Promise<number | null>((done, reject) => {
      child.on('error', reject);
      child.on('close', done);
    });
    if (fault !== undefined) throw fault;
    if (exitCode !== 0)
      throw new Error(`the JVM of the cases ended with ${exitCode ?? 'a signal'}:\n${errors}`);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new UserFault('there is no java on the PATH: install a JDK 17', { cause });
  } finally {
    clearTimeout(timer);
    process.removeListener('exit', abandon);
  }
}
