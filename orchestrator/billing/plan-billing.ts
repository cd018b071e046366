import type { Books } from './books/books';
import { filesHash, lastPublished, type DefinitionFiles, type Published } from './books/published';
import { listRuns } from './books/runs';
import type { Tier } from './definition/definition-file';
import { inForce } from './definition/in-force';
import type { BillingDefinition } from './definition/read-billing-definition';
import { periodOf } from './period';

/** A setting or a parameter that is another one in the files than it is published. */
export interface BillingChange {
  /** `closesAfterHours`, or `tiers from 2026-11`. */
  readonly what: string;
  /** As JSON; undefined where there was or is none. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What publishing a definition's files would change. */
export interface BillingPlan {
  readonly definition: string;
  readonly action: 'publish' | 'nothing';
  /** The version that is published, and the one that would be. */
  readonly published: number | undefined;
  readonly next: number;
  readonly sql: { readonly from: string; readonly to: string };
  readonly changes: readonly BillingChange[];
  /** Months with an invoice that the files would rate otherwise: a run of them is kept beside it. */
  readonly rerates: readonly string[];
}

/** Compares a definition's files with what is published. Writes nothing. */
export async function planBilling(
  books: Books,
  definition: BillingDefinition,
  files: DefinitionFiles,
): Promise<BillingPlan> {
  const published = await lastPublished(books, definition.name);
  const runs = published === undefined ? [] : await listRuns(books, definition.name);
  const closed = [...new Set(runs.filter(({ is }) => is === 'invoice').map(({ period }) => period))];
  return {
    definition: definition.name,
    action: published?.hash === filesHash(files) ? 'nothing' : 'publish',
    published: published?.version,
    next: (published?.version ?? 0) + 1,
    sql: { from: published?.definition.sql ?? '', to: definition.sql },
    changes: changesOf(published, definition),
    rerates:
      published === undefined
        ? []
        : closed.filter((name) => hashIn(published.definition, name) !== hashIn(definition, name)),
  };
}

/** A month that no version holds for is rated by nothing. */
function hashIn(definition: BillingDefinition, month: string): string | undefined {
  const period = periodOf(month);
  return definition.versions.some(({ from }) => from <= month) ? inForce(definition, period).hash : undefined;
}

function changesOf(published: Published | undefined, wanted: BillingDefinition): BillingChange[] {
  const before = published === undefined ? new Map<string, string>() : settingsOf(published.definition);
  const after = settingsOf(wanted);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((what) => ({ what, from: before.get(what), to: after.get(what) }))
    .filter(({ from, to }) => from !== to);
}

/** Every setting by its name, each parameter by the month from which its value holds. */
function settingsOf(definition: BillingDefinition): Map<string, string> {
  const { kind, reads, closesAfterHours, key, measures, parameters, versions } = definition;
  const settings = Object.entries({ kind, reads, closesAfterHours, key, measures });
  // The default shows in the values.
  const bounds = Object.entries(parameters).map(([name, declaration]): [string, unknown] => [
    `parameter ${name}`,
    { ...declaration, default: undefined },
  ]);
  const values = versions.flatMap(({ from }) =>
    Object.entries(inForce(definition, periodOf(from)).parameters).map(([name, text]): [string, unknown] => [
      `${name} from ${from}`,
      parameters[name]?.type === 'tiers' ? tiersText(text) : text,
    ]),
  );
  return new Map(
    [...settings, ...bounds, ...values].map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** `1250000 from 0, 1000000 from 100000000` */
function tiersText(text: string): string {
  const all = JSON.parse(text) as Tier[];
  return all.map(({ fromUnits, microUsdPerMillion }) => `${microUsdPerMillion} from ${fromUnits}`).join(', ');
}
