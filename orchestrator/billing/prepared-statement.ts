import { usageEntriesStatement } from '../archive/entries-sql';
import type { Athena } from '../archive/athena';
import { inForce } from './definition/in-force';
import type { BillingDefinition } from './definition/read-billing-definition';
import { periodOf } from './period';
import { ratingSql } from './sql/rating-sql';

/**
 * Publishes a definition's newest values as a prepared statement, `spillway_tiered_charge_v3`, for a look in Athena's own
 * console: `EXECUTE … USING` with a month's days, hours and seconds, twice. It does not look for batches that were read
 * again; runs do. Answers its name; undefined where the definition reads more than usage.
 */
export async function prepareStatement(
  athena: Pick<Athena, 'prepare'>,
  definition: BillingDefinition,
  version: number,
): Promise<string | undefined> {
  const newest = definition.versions.at(-1);
  if (newest === undefined || definition.reads.some((name) => name !== 'entries')) return undefined;
  const terms = inForce(definition, periodOf(newest.from));
  const name = `spillway_${definition.name.replaceAll('-', '_')}_v${version}`;
  const description = `${definition.name}, version ${version}, values from ${newest.from}; twice: first and last day, first and last hour (2026-10-01T00), first second and the one after the last`;
  await athena.prepare(name, ratingSql(terms, usageEntriesStatement(), []), description);
  return name;
}
