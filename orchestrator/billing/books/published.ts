import { z } from 'zod';
import { parseBillingDefinition, type BillingDefinition } from '../definition/read-billing-definition';
import { hashOf } from '../definition/in-force';
import { UserFault } from '../../user-fault';
import type { Books } from './books';

/** What an entry `version#000001` says. */
const versionEntry = z.object({
  version: z.number().int().positive(),
  /** Of the files. */
  hash: z.string(),
  at: z.iso.datetime(),
  who: z.string(),
});

/** The files of a definition, as they are published together. */
const files = z.strictObject({ json: z.string(), sql: z.string() });

export interface Published extends z.infer<typeof versionEntry> {
  readonly definition: BillingDefinition;
}

export type DefinitionFiles = z.infer<typeof files>;

/** What names the files: any change of them, also of a comment. */
export function filesHash({ json, sql }: DefinitionFiles): string {
  return hashOf([json, sql]);
}

/** The newest published version; undefined where there is none. */
export async function lastPublished(books: Books, definition: string): Promise<Published | undefined> {
  const newest = (await books.list(definition, 'version#')).at(-1);
  if (newest === undefined) return undefined;
  const entry = versionEntry.parse(JSON.parse(newest.text));
  const text = await books.readFile(versionKey(definition, entry.hash));
  if (text === undefined) {
    throw new UserFault(
      `version ${entry.version} of ${definition} was published, but ${books.place}/${versionKey(definition, entry.hash)} is not there: ` +
        'put it back from a backup, or publish the files again after a change',
    );
  }
  const { json, sql } = files.parse(JSON.parse(text));
  return { ...entry, definition: parseBillingDefinition(definition, json, sql) };
}

/** Publishes files as the next version. Throws a UserFault where somebody else has just published one. */
export async function publish(
  books: Books,
  definition: string,
  published: DefinitionFiles,
  { version, at, who }: { version: number; at: Date; who: string },
): Promise<void> {
  const hash = filesHash(published);
  await books.writeFile(versionKey(definition, hash), JSON.stringify(published));
  const entry = { version, hash, at: at.toISOString(), who };
  const created = await books.create(definition, {
    name: `version#${String(version).padStart(6, '0')}`,
    text: JSON.stringify(entry),
  });
  if (created) return;
  throw new UserFault(
    `somebody else has just published version ${version} of ${definition}: look at \`spillway billing plan ${definition}\` again`,
  );
}

function versionKey(definition: string, hash: string): string {
  return `${definition}/versions/${hash}.json`;
}
