import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { keepNewest, plannerFiles } from '../release/planner-files';
import { UserFault } from '../user-fault';

/** A program of the runner's second JAR, with a Flink inside. */
export interface FlinkProgram {
  /** The runner's JAR; the one with the program lies beside it. */
  readonly runnerJar: string;
  /** Where set-up put Flink's libraries. */
  readonly workFolder: string;
  /** Of this run; see withRunFolder. */
  readonly folder: string;
  readonly main: string;
  /** What it runs, for messages: `the cases`. */
  readonly what: string;
  /** @default 1024 */
  readonly heapMegabytes?: number;
  /** It lives for so short a time that compiling little and early suits it. @default true */
  readonly isShort?: boolean;
}

const JVM_OPTIONS = [
  ...['-XX:+UseSerialGC', '-XX:-UsePerfData', '-Xlog:disable', '-Xlog:all=error:stderr'],
  ...['java.util', 'java.lang', 'java.time'].map((part) => `--add-opens=java.base/${part}=ALL-UNNAMED`),
];
const ARCHIVES_KEPT = 2;
const LONGEST_ERROR_TEXT = 20_000;

/** Lends a folder below the work folder, and removes it with all that is in it. */
export async function withRunFolder<T>(
  workFolder: string,
  name: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  mkdirSync(join(workFolder, name), { recursive: true });
  const folder = mkdtempSync(join(workFolder, name, 'run-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs a program in a JVM of its own, with the request in a file as its only argument, and hears each line that it
 * prints. Throws a UserFault where set-up has not been, and an Error where the JVM itself fails.
 */
export async function runOnFlink(
  program: FlinkProgram,
  request: object,
  patienceMs: number,
  onLine: (line: string) => void,
): Promise<void> {
  const { runnerJar, workFolder, folder, main, what, heapMegabytes = 1024, isShort = true } = program;
  const casesJar = join(dirname(runnerJar), 'spillway-runner-cases.jar');
  if (!existsSync(casesJar)) throw new UserFault(`there is no ${casesJar}: run \`npm run set-up\``);
  const { jars, archive: plannerArchive } = plannerFiles(workFolder, runnerJar, 'java', [casesJar]);
  // Programs load much of the same; whoever comes first leaves the archive for all.
  const archive = join(workFolder, 'cases', 'archives', basename(plannerArchive));
  mkdirSync(dirname(archive), { recursive: true });
  const draft = join(folder, 'archive.jsa');
  const requestFile = join(folder, 'request.json');
  writeFileSync(requestFile, JSON.stringify(request));
  const args = [
    ...JVM_OPTIONS,
    ...(isShort ? ['-XX:TieredStopAtLevel=1'] : []),
    ...[`-Xmx${heapMegabytes}m`, `-Djava.io.tmpdir=${folder}`],
    existsSync(archive) ? `-XX:SharedArchiveFile=${archive}` : `-XX:ArchiveClassesAtExit=${draft}`,
    ...['-cp', jars.join(delimiter), main, requestFile],
  ];
  await runJava(args, what, patienceMs, onLine);
  if (existsSync(draft)) {
    renameSync(draft, archive);
    keepNewest(dirname(archive), ARCHIVES_KEPT);
  }
}

async function runJava(
  args: string[],
  what: string,
  patienceMs: number,
  onLine: (line: string) => void,
): Promise<void> {
  const child = spawn('java', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  let fault: unknown;
  const stop = (reason: unknown): void => {
    fault ??= reason;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => {
    stop(new UserFault(`${what} were not done within ${patienceMs / 1_000} s; the machine may be too busy`));
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
      throw new Error(`the JVM of ${what} ended with ${exitCode ?? 'a signal'}:\n${errors}`);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new UserFault('there is no java on the PATH: install a JDK 17', { cause });
  } finally {
    clearTimeout(timer);
    process.removeListener('exit', abandon);
  }
}
