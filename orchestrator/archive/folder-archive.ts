import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { z } from 'zod';
import { messageOf, UserFault } from '../user-fault';
import { DuckDb, type EngineOptions, sqlText } from './duckdb';
import { duckDbColumns, hourOfKey } from './layout';
import { archivedRecord, recordsQuery } from './records-query';
import type {
  Answer,
  ArchivedRecord,
  ArchiveSnapshot,
  HourOfArchive,
  Span,
  UsageArchive,
} from './usage-archive';

interface ArchivedFile {
  /** As the key of the object would be. */
  readonly key: string;
  readonly bytes: number;
}

/**
 * An archive in a folder, laid out as the bucket is. It answers from the files that are there when it is opened: those
 * that come later are not seen.
 */
export async function openFolderArchive(folder: string, options: EngineOptions = {}): Promise<UsageArchive> {
  const files = await filesOf(folder);
  const engine = await DuckDb.open(options);
  try {
    await engine.run(viewOver(folder, files));
  } catch (cause) {
    engine.close();
    throw new UserFault(`the archive in ${folder} cannot be read: ${messageOf(cause)}`, { cause });
  }
  return new FolderArchive(folder, files, engine);
}

/** Files of the archive's layout, in the order of their names; others are none of its. */
async function filesOf(folder: string): Promise<ArchivedFile[]> {
  let names: string[];
  try {
    names = await readdir(folder, { recursive: true });
  } catch (cause) {
    throw new UserFault(`there is no archive in ${folder}: ${messageOf(cause)}`, { cause });
  }
  const keys = names
    .map((name) => name.split(sep).join('/'))
    .filter((key) => hourOfKey(key) !== undefined)
    .sort();
  return Promise.all(keys.map(async (key) => ({ key, bytes: (await stat(join(folder, key))).size })));
}

/** `usage`, with the partition's columns as text, as Athena has them. */
function viewOver(folder: string, files: readonly ArchivedFile[]): string {
  if (files.length === 0) {
    return `CREATE TABLE usage (${duckDbColumns}, day VARCHAR, hour VARCHAR)`;
  }
  const paths = files.map(({ key }) => sqlText(join(folder, key))).join(', ');
  return (
    `CREATE VIEW usage AS SELECT * FROM read_parquet([${paths}], hive_partitioning = true, ` +
    `hive_types = {'day': VARCHAR, 'hour': VARCHAR})`
  );
}

class FolderArchive implements UsageArchive {
  constructor(
    private readonly folder: string,
    private readonly files: readonly ArchivedFile[],
    private readonly engine: DuckDb,
  ) {}

  hours(): Promise<HourOfArchive[]> {
    const hours = new Map<string, HourOfArchive>();
    for (const { key, bytes } of this.files) {
      const hour = hourOfKey(key);
      if (hour === undefined) continue;
      const name = `${hour.day}T${hour.hour}`;
      const before = hours.get(name) ?? { ...hour, objects: 0, bytes: 0 };
      hours.set(name, { ...hour, objects: before.objects + 1, bytes: before.bytes + bytes });
    }
    return Promise.resolve([...hours.values()]);
  }

  async snapshot(): Promise<ArchiveSnapshot> {
    const hash = createHash('sha256');
    let total = 0;
    for (const { key, bytes } of this.files) {
      hash.update(JSON.stringify([key, bytes, await contentHash(join(this.folder, key))]));
      total += bytes;
    }
    return { objects: this.files.length, bytes: total, hash: hash.digest('hex') };
  }

  async *records(span: Span): AsyncGenerator<ArchivedRecord[], void, undefined> {
    try {
      yield* this.engine.batches(recordsQuery(span), archivedRecord);
    } catch (cause) {
      throw this.fault(cause);
    }
  }

  async query<T>(sql: string, row: z.ZodType<T>): Promise<Answer<T>> {
    try {
      return { rows: await this.engine.query(sql, row), bytesScanned: undefined };
    } catch (cause) {
      throw this.fault(cause);
    }
  }

  close(): void {
    this.engine.close();
  }

  private fault(cause: unknown): UserFault {
    const where = relative(process.cwd(), this.folder);
    return new UserFault(`the archive in ${where} did not answer: ${messageOf(cause)}`, { cause });
  }
}

/** What S3's ETag is for an object that was put in one go. */
async function contentHash(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
