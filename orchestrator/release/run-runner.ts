import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { z } from 'zod';
import type { ParameterTexts } from '../definition/parameter-values';
import { DefinitionFault, UserFault } from '../user-fault';
import { keepNewest, type PlannerFiles } from './planner-files';

/** An application's files, as in its folder or in its release. */
export interface ApplicationFiles {
  name: string;
  /** By path: `application.json`, `tables/….sql`, `detections/….sql`. */
  files: ReadonlyMap<string, string>;
}

export interface RunnerOptions {
  /** The runner's JAR. */
  runnerJar: string;
  /** Where set-up put Flink's libraries, and where plans and the JVM's archive are kept. */
  workFolder: string;
  /** @default 180: the first call on a busy machine also makes the archive */
  timeoutSeconds?: number;
  /** @default java of the PATH */
  java?: string;
}

const DEFAULT_TIMEOUT_SECONDS = 180;
// A plan of a hundred statements has some megabytes.
const LARGEST_OUTPUT_BYTES = 64 * 1024 * 1024;
/** How many archives are kept, 90 MB each: that of now, and the one before for whoever goes back to it. */
const ARCHIVES_KEPT = 2;
// Compiling little and early suits a JVM that lives for seconds; its own remarks must not get into the plan.
const JVM_OPTIONS = [
  ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-Xmx768m'],
  ...['-Xlog:disable', '-Xlog:all=error:stderr'],
];

const problemsDocument = z.object({
  problems: z.array(
    z.object({ code: z.string(), place: z.string(), line: z.number().int(), message: z.string() }),
  ),
});

/** What to do with the JVM's archive of loaded classes: use one that is there, make one that is not. */
export interface ArchiveUse {
  use: boolean;
  make: boolean;
}

/**
 * Lets the runner print what would run, in a JVM of its own.
 *
 * Throws a DefinitionFault with file and line for what the runner or Flink refuses, a UserFault where there is no Java
 * or no answer in time, and an Error where the runner itself fails.
 */
export async function runRunner(
  what: 'sql' | 'plan',
  application: ApplicationFiles,
  parameters: ParameterTexts,
  planner: PlannerFiles,
  options: RunnerOptions,
  archive: ArchiveUse,
): Promise<string> {
  mkdirSync(options.workFolder, { recursive: true });
  const folder = mkdtempSync(join(options.workFolder, 'runner-'));
  try {
    const draft = join(folder, 'archive.jsa');
    const properties = join(folder, 'properties.json');
    writeFileSync(properties, JSON.stringify([{ PropertyGroupId: 'spillway', PropertyMap: parameters }]));
    for (const [path, text] of application.files) {
      mkdirSync(dirname(join(folder, 'application', path)), { recursive: true });
      writeFileSync(join(folder, 'application', path), text);
    }
    const ended = await runJava(
      [
        ...JVM_OPTIONS,
        ...(archive.use ? [`-XX:SharedArchiveFile=${planner.archive}`] : []),
        ...(archive.make ? [`-XX:ArchiveClassesAtExit=${draft}`] : []),
        ...['-cp', planner.jars.join(delimiter), 'spillway.runner.Main', '--print', what, '--json'],
        ...['--application', join(folder, 'application'), '--properties', properties],
      ],
      options,
    );
    const problems = ended.exitCode === 1 ? problemsIn(ended.stdout) : undefined;
    if (problems !== undefined) throw definitionFault(application.name, properties, problems);
    if (ended.exitCode !== 0) {
      throw new Error(
        `the runner ended with ${ended.exitCode ?? 'a signal'}:\n${ended.stderr.slice(-10_000)}`,
      );
    }
    if (archive.make) keepArchive(draft, planner.archive);
    return ended.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In one move, so that nobody uses half of it. Where the JVM could not make one, the next call tries again. */
function keepArchive(draft: string, archive: string): void {
  mkdirSync(dirname(archive), { recursive: true });
  try {
    renameSync(draft, archive);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
  keepNewest(dirname(archive), ARCHIVES_KEPT);
}

type RunnerProblems = z.infer<typeof problemsDocument>['problems'];

/** Undefined where there are none: a JVM that does not get as far as the runner ends with 1 too. */
function problemsIn(stdout: string): RunnerProblems | undefined {
  try {
    return problemsDocument.parse(JSON.parse(stdout)).problems;
  } catch {
    return undefined;
  }
}

function definitionFault(application: string, properties: string, problems: RunnerProblems): DefinitionFault {
  return new DefinitionFault(
    `application ${application}`,
    problems.map(({ code, place, line, message }) =>
      place === properties
        ? { code, file: 'the values given', line: 0, message }
        : { code, file: `${application}/${place}`, line, message },
    ),
  );
}

interface Ended {
  /** Null where a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

async function runJava(args: readonly string[], options: RunnerOptions): Promise<Ended> {
  const timeoutSeconds = options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  const child = spawn(options.java ?? 'java', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let bytes = 0;
  let stopped: string | undefined;
  const stop = (reason: string): void => {
    stopped = reason;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => {
    stop(`did not answer within ${timeoutSeconds} s; the machine may be too busy, try again`);
  }, timeoutSeconds * 1_000);
  const collect = (into: Buffer[]) => (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LARGEST_OUTPUT_BYTES) stop(`printed more than ${LARGEST_OUTPUT_BYTES} bytes`);
    else into.push(chunk);
  };
  child.stdout.on('data', collect(stdout));
  child.stderr.on('data', collect(stderr));
  // Whoever ends this process does not want the answer any more.
  const abandon = (): void => void child.kill('SIGKILL');
  process.once('exit', abandon);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (stopped !== undefined) throw new UserFault(`the runner ${stopped}`);
    return { exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new UserFault(`there is no ${options.java ?? 'java on the PATH'}: install a JDK 17`, { cause });
  } finally {
    clearTimeout(timer);
    process.removeListener('exit', abandon);
  }
}
