import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import type { Definition } from '../definition/read-definition';
import { messageOf, UserFault } from '../user-fault';

/** A definition with the runner, ready to be uploaded: one JAR, named by its content. */
export interface Release {
  application: string;
  /** The first half of the SHA-256 over the names and contents of all entries, in hexadecimal. */
  hash: string;
  /** Where it lies in the code bucket. */
  key: string;
  /** What is in the JAR, by name. */
  entries: ReadonlyMap<string, Uint8Array>;
  /** The JAR; made when asked for, because most releases are in the bucket already. */
  jar(): Uint8Array;
}

// A ZIP archive keeps local time without a zone: one fixed moment makes the same content the same bytes.
const ENTRY_TIME = new Date(1980, 0, 1);
const FOLDER = 'spillway/';

/** Builds the release of a definition from the runner's JAR. The same files make the same release, always. */
export function buildRelease(definition: Definition, runnerJar: string): Release {
  const entries = new Map(Object.entries(readRunner(runnerJar)));
  for (const [path, text] of definition.files) entries.set(FOLDER + path, Buffer.from(text, 'utf8'));
  const sorted = [...entries].filter(([name]) => !name.endsWith('/')).sort(([a], [b]) => order(a, b));
  const hash = contentHash(sorted);
  return {
    application: definition.name,
    hash,
    key: releaseKey(definition.name, hash),
    entries: new Map(sorted),
    jar: () => {
      const files: Zippable = {};
      for (const [name, bytes] of sorted) files[name] = [bytes, { level: 6, mtime: ENTRY_TIME }];
      return zipSync(files);
    },
  };
}

/** The path inside an application's folder of a JAR's entry; undefined where it is code. */
export function applicationPath(entry: string): string | undefined {
  return /^spillway\/(application\.json|(?:tables|detections)\/[^/]+\.sql)$/.exec(entry)?.[1];
}

export function releaseKey(application: string, hash: string): string {
  return `releases/${application}/${hash}.jar`;
}

/** The release that a key names; undefined if the key was not made by releaseKey. */
export function releaseOfKey(key: string): { application: string; hash: string } | undefined {
  const match = /^releases\/([^/]+)\/([0-9a-f]{32})\.jar$/.exec(key);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { application: match[1], hash: match[2] };
}

function readRunner(file: string): Record<string, Uint8Array> {
  if (!existsSync(file)) {
    throw new UserFault(
      `the runner's JAR is not at ${file}: build it with \`npm run set-up\`, or give --runner FILE`,
    );
  }
  try {
    return unzipSync(readFileSync(file));
  } catch (cause) {
    throw new UserFault(
      `${file} is no JAR (${messageOf(cause)}): delete it and build it with \`npm run set-up\``,
      {
        cause,
      },
    );
  }
}

/** Hashes names and contents, not the archive: a runner built again from the same sources changes nothing. */
function contentHash(entries: readonly [string, Uint8Array][]): string {
  const hash = createHash('sha256');
  for (const [name, bytes] of entries) hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  return hash.digest('hex').slice(0, 32);
}

/** The manifest goes first, as readers of JARs expect; then by name. */
function order(a: string, b: string): number {
  const rank = (name: string): number => (name === 'META-INF/MANIFEST.MF' ? 0 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
