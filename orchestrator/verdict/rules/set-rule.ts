import type { Rule } from './rule';

/** The SETs of a release's SQL, by key. */
export type Sets = ReadonlyMap<string, string>;

/** Judges what is SET and is in no compiled plan. Pure. */
export interface SetRule extends Rule {
  /** The keys that it knows. */
  readonly keys: readonly string[];
  /** Why, for this change; undefined where the rule is not about it. */
  judge(deployed: Sets, wanted: Sets): string | undefined;
}
