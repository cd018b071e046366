import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { z } from 'zod';

/**
 * What a change of a function's arguments means for the state of a job that runs. Arguments go by their names in SQL;
 * the columns of a table argument are arguments too.
 *
 * An argument, or a whole function, that is in neither list is to be treated as `state`: a change of it is incompatible.
 */
export interface FunctionArguments {
  /** The state was built with them: under another value it must not be carried on. */
  readonly state: readonly string[];
  /** They decide only what is put out: the state stays right under another value. */
  readonly output: readonly string[];
}

const PLACE = 'spillway/functions/functions.json';
const functionsFile = z.record(
  z.string(),
  z.strictObject({ state: z.array(z.string()), output: z.array(z.string()) }),
);

/**
 * By class name, what the functions inside a runner's JAR, or a release's, declare. Empty where the JAR holds no
 * declarations, as those from before there were functions. Throws an Error where it holds some that do not read.
 */
export function functionArguments(jar: string): ReadonlyMap<string, FunctionArguments> {
  const file = unzipSync(readFileSync(jar), { filter: ({ name }) => name === PLACE })[PLACE];
  if (file === undefined) return new Map();
  return new Map(Object.entries(functionsFile.parse(JSON.parse(Buffer.from(file).toString('utf8')))));
}
