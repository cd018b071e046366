import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { UserFault } from '../user-fault';

/** The class path on which the runner compiles plans: Flink's libraries with its plain planner, and the runner. */
export interface PlannerFiles {
  jars: readonly string[];
  /** Names what decides a plan beside the application: other JARs may plan otherwise. */
  contentHash: string;
  /** The JVM's archive of loaded classes for these JARs and this JVM; it may not be there yet. */
  archive: string;
}

/**
 * Finds the files below the work folder. Throws a UserFault where set-up has not been there.
 *
 * @param more JARs that come after the runner
 */
export function plannerFiles(
  workFolder: string,
  runnerJar: string,
  java: string,
  more: readonly string[] = [],
): PlannerFiles {
  const flink = jarsIn(join(workFolder, 'flink', 'lib')).filter(
    // The planner inside the loader cannot be archived, and there must be one planner only.
    (jar) => !basename(jar).startsWith('flink-table-planner-loader'),
  );
  const planner = jarsIn(join(workFolder, 'planner', 'lib'));
  if (flink.length === 0 || planner.length === 0 || !existsSync(runnerJar)) {
    const missing = existsSync(runnerJar)
      ? `Flink's planner is not in ${workFolder}`
      : `the runner's JAR is not at ${runnerJar}`;
    throw new UserFault(`${missing}: run \`npm run set-up\``);
  }
  const libraries = [...flink, ...planner];
  const jars = [...libraries, runnerJar, ...more];
  return {
    jars,
    contentHash: hashOf([...libraries.map((jar) => basename(jar)), readFileSync(runnerJar)]),
    archive: join(workFolder, 'planner', 'archives', `${archiveKey(jars, java)}.jsa`),
  };
}

/** Removes all but the newest files of a folder. */
export function keepNewest(folder: string, count: number): void {
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => {
      // Another process may remove the same file at the same time.
      const status = statSync(path, { throwIfNoEntry: false });
      return status?.isFile() === true ? [{ path, mtimeMs: status.mtimeMs }] : [];
    });
  for (const { path } of files.sort((a, b) => b.mtimeMs - a.mtimeMs).slice(count))
    rmSync(path, { force: true });
}

/** What the JVM itself compares before it uses an archive: each JAR's place, size and time, and the JVM's version. */
function archiveKey(jars: readonly string[], java: string): string {
  const checked = jars.map((jar) => {
    const { size, mtimeMs } = statSync(jar);
    return `${jar} ${size} ${mtimeMs}`;
  });
  return hashOf([...checked, versionOf(java)]);
}

/** The text of the JVM's own `release` file; empty where it cannot be found, and then only the JVM notices a change. */
function versionOf(java: string): string {
  const places = java.includes('/')
    ? [java]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, java));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) return '';
  const release = join(dirname(dirname(realpathSync(found))), 'release');
  return existsSync(release) ? readFileSync(release, 'utf8') : '';
}

function jarsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(folder, name));
}

function hashOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 32);
}
