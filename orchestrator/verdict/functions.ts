import type { FunctionArguments } from '../release/function-arguments';

/** By the function's name in SQL, in upper case: plans do not know its class. */
export type FunctionDeclarations = ReadonlyMap<string, FunctionArguments>;

const CREATED =
  /^\s*CREATE\s+(?:TEMPORARY\s+)?(?:SYSTEM\s+)?FUNCTION\s+(?:IF\s+NOT\s+EXISTS\s+)?`?(\w+)`?\s+AS\s+'([\w.$]+)'/gim;

/**
 * What the functions of an application declare, by the names that its SQL gives them.
 *
 * @param sql the rendered SQL of the release
 * @param byClass what the release's JAR declares
 */
export function functionsOfSql(
  sql: string,
  byClass: ReadonlyMap<string, FunctionArguments>,
): FunctionDeclarations {
  return new Map(
    [...sql.matchAll(CREATED)].flatMap(([, name = '', className = '']): [string, FunctionArguments][] => {
      const declared = byClass.get(className);
      return declared === undefined ? [] : [[name.toUpperCase(), declared]];
    }),
  );
}
