import { createHash } from 'node:crypto';
import { z } from 'zod';
import { usageEntry } from '../../lambdas/contracts/usage-record';
import { UserFault } from '../user-fault';
import { hoursOf } from './hours-of';
import { archivedRecordOf, recordsQuery } from './records-query';
import type { ArchiveObject } from './s3-copy';
import type { ArchivedRecord, UsageArchive } from './usage-archive';

/** Records handed over at a time. */
const recordsAtATime = 2_000;

/**
 * An archive in S3 that Athena answers for.
 *
 * @param athena asks in the workgroup, with the archive's database
 * @param list lists the bucket
 */
export function athenaArchive(
  athena: Pick<UsageArchive, 'query' | 'close'>,
  list: () => Promise<ArchiveObject[]>,
): UsageArchive {
  return {
    hours: async () => hoursOf(await list()),
    async snapshot() {
      const objects = await list();
      const hash = createHash('sha256');
      for (const { key, bytes, etag } of objects) hash.update(JSON.stringify([key, bytes, etag]));
      const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
      return { objects: objects.length, bytes, hash: hash.digest('hex') };
    },
    /** All rows are fetched before the first one is handed over: ask for spans that fit into memory. */
    async *records(span): AsyncGenerator<ArchivedRecord[], void, undefined> {
      const { rows } = await athena.query(recordsQuery(span, entriesAsText), archivedRecordOf(entriesOfText));
      for (let from = 0; from < rows.length; from += recordsAtATime) {
        yield rows.slice(from, from + recordsAtATime);
      }
    },
    query: (sql, row) => athena.query(sql, row),
    close: () => {
      athena.close();
    },
  };
}

/** Athena gives an array of rows as text that cannot be read back; as JSON it can. */
const entriesAsText = 'json_format(CAST(entries AS JSON)) AS entries';

/** A row as JSON is an object in Athena's engine of today, and was an array of its fields before. */
const rowAsJson = z.union([
  usageEntry,
  z
    .tuple([z.string(), z.string(), z.string(), z.number(), z.number()])
    .transform(([resource, key, subject, units, writes]) => ({ resource, key, subject, units, writes })),
]);

const entriesOfText = z
  .string()
  .transform((text): unknown => {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new UserFault(`Athena gave entries that are no JSON: ${text.slice(0, 80)}`, { cause });
    }
  })
  .pipe(z.array(rowAsJson).min(1));
