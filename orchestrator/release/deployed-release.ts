import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { CodeStore } from '../service/code-store';
import { applicationPath, releaseOfKey } from './build-release';
import { keepNewest } from './planner-files';

/** A release as it lies in the code bucket. */
export interface ReleaseInBucket {
  /** Its JAR on this machine. */
  jar: string;
  /** What is in the JAR, by name. */
  entries: ReadonlyMap<string, Uint8Array>;
  /** The application's files, by path inside its folder. */
  files: ReadonlyMap<string, string>;
}

/** How many JARs are kept, 6 MB each. */
const JARS_KEPT = 10;

/**
 * Fetches a release and takes its files out. Its key is made of its content's hash, so it is fetched once and kept
 * under `.spillway/releases`, which may be removed at any time.
 *
 * Undefined where spillway did not make it, where it is not in the bucket any more, and where it holds no application.
 */
export async function readRelease(
  code: CodeStore,
  key: string,
  workFolder: string,
): Promise<ReleaseInBucket | undefined> {
  const release = releaseOfKey(key);
  if (release === undefined) return undefined;
  const folder = join(workFolder, 'releases');
  const jar = join(folder, `${release.application}-${release.hash}.jar`);
  const kept = existsSync(jar) ? unzipped(readFileSync(jar)) : undefined;
  if (kept !== undefined) return { jar, ...kept };
  const bytes = await code.get(key);
  const read = bytes && unzipped(bytes);
  if (bytes === undefined || read === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  const draft = `${jar}.${process.pid}`;
  writeFileSync(draft, bytes);
  renameSync(draft, jar);
  keepNewest(folder, JARS_KEPT);
  return { jar, ...read };
}

/** Names of entries that are not the application's files and that only one has, or that differ. */
export function changedCode(
  one: ReadonlyMap<string, Uint8Array>,
  other: ReadonlyMap<string, Uint8Array>,
): string[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => applicationPath(name) === undefined && !name.endsWith('/'))
    .filter((name) => {
      const [a, b] = [one.get(name), other.get(name)];
      return a === undefined || b === undefined || Buffer.compare(a, b) !== 0;
    })
    .sort();
}

/** Undefined where it is no JAR or holds no application. */
function unzipped(bytes: Uint8Array | undefined): Omit<ReleaseInBucket, 'jar'> | undefined {
  if (bytes === undefined) return undefined;
  try {
    const entries = new Map(Object.entries(unzipSync(bytes)));
    const files = [...entries].flatMap(([name, content]): [string, string][] => {
      const path = applicationPath(name);
      return path === undefined ? [] : [[path, Buffer.from(content).toString('utf8')]];
    });
    return files.some(([path]) => path === 'application.json')
      ? { entries, files: new Map(files) }
      : undefined;
  } catch {
    return undefined;
  }
}
