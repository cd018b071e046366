import { readFileSync, writeFileSync } from 'node:fs';
import { messageOf, UserFault } from '../user-fault';
import { type Plan, plan as planSchema, PLAN_VERSION } from './plan';
import { planId, sealPlan } from './plan-id';

export function writePlanFile(file: string, plan: Plan): void {
  try {
    writeFileSync(file, `${JSON.stringify(plan, undefined, 2)}\n`);
  } catch (cause) {
    throw new UserFault(`--out ${file}: it cannot be written (${messageOf(cause)})`, { cause });
  }
}

/**
 * Reads a plan as it was written. Throws a UserFault for one that another version of spillway made, that was edited, or
 * that is none.
 */
export function readPlanFile(file: string, spillwayVersion: string): Plan {
  const again = 'make it again with `spillway plan --out FILE`';
  const value = readJson(file, again);
  const { schemaVersion, madeBy } = value as { schemaVersion?: unknown; madeBy?: unknown };
  if (typeof madeBy !== 'string') throw new UserFault(`${file} is no plan: ${again}`);
  if (schemaVersion !== PLAN_VERSION || madeBy !== spillwayVersion) {
    throw new UserFault(`${file} was made by spillway ${madeBy}, and this is ${spillwayVersion}: ${again}`);
  }
  const parsed = planSchema.safeParse(value);
  const id = (value as { id?: unknown }).id;
  // Compared over what the file says, so that a member which is not a plan's is an edit as well.
  if (!parsed.success || planId(value as Plan) !== id) {
    throw new UserFault(
      `${file} was edited after it was made, and nobody has seen what it would do now: ${again}`,
    );
  }
  return sealPlan(parsed.data);
}

function readJson(file: string, again: string): object {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserFault(`the plan ${file} cannot be read (${messageOf(cause)})`, { cause });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new UserFault(`${file} is no plan: ${again}`);
}
