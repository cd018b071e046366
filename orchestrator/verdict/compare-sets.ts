import type { PlanVerdict } from '../plan/plan-input';
import { setRules } from './all-rules';
import type { Sets } from './rules/set-rule';
import { unknownChange } from './rules/unknown-change';

/** SETs that act on the plan only, where they are judged by what they make of it. */
const IN_THE_PLAN = /^table\.(optimizer\.|exec\.(mini-batch\.|sink\.|async-lookup\.output-mode))/;

/** Judges what is SET otherwise and is in no plan; a SET that no rule knows is incompatible. */
export function compareSets(deployed: Sets, wanted: Sets): PlanVerdict[] {
  const known = new Set(setRules.flatMap(({ keys }) => keys));
  const changed = [...new Set([...deployed.keys(), ...wanted.keys()])].filter(
    (key) => deployed.get(key) !== wanted.get(key),
  );
  const judged = setRules.flatMap(({ verdict, code, keys, judge }): PlanVerdict[] => {
    const reason = judge(deployed, wanted);
    const node = `SET ${keys.filter((key) => changed.includes(key)).join(', ')}`;
    return reason === undefined ? [] : [{ verdict, code, reason, node }];
  });
  const unknown = changed.filter((key) => !known.has(key) && !IN_THE_PLAN.test(key));
  const { verdict, code } = unknownChange;
  return [
    ...judged,
    ...unknown.map((key): PlanVerdict => {
      const reason = `no rule knows what a change of ${key} does to the state`;
      return { verdict, code, reason, node: `SET ${key}` };
    }),
  ];
}

/** The SETs of a release, from its rendered SQL. */
export function setsOfSql(sql: string): Sets {
  const unquoted = (text: string): string => text.replaceAll("''", "'");
  return new Map(
    [...sql.matchAll(/^SET '((?:[^']|'')*)' = '((?:[^']|'')*)';$/gm)].map(
      ([, key = '', value = '']): [string, string] => [unquoted(key), unquoted(value)],
    ),
  );
}
