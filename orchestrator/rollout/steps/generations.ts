import type { Generation } from '../../../lambdas/contracts/generations';
import type { Step } from '../../plan/plan';
import { UserFault } from '../../user-fault';
import { achieve } from '../achieve';
import type { Under } from '../rolling';

const QUICK_SECONDS = 60;
/** So many are kept: enough to tell what an excess is that is still in its stream. */
const MOST_KEPT = 20;

/**
 * Writes the new generation down, and before it the one that runs, where none was written down: an alerter that knows
 * one generation hears no other.
 */
export async function register(step: Step & { kind: 'register' }, under: Under): Promise<void> {
  const { plan } = under;
  const { generation, slot, shadow } = step;
  await change(under, (before) => {
    const found = before.find((one) => one.generation === generation);
    if (found !== undefined && found.slot === slot && (found.shadow === true) === shadow) return undefined;
    const others = before.filter((one) => one.generation !== generation);
    const { previousGeneration: running } = plan;
    const isKnown = running === null || running === generation;
    if (!isKnown && !others.some((one) => one.generation === running)) {
      others.push({ generation: running, from: 0, slot: plan.slot });
    }
    return [...others, { generation, from: heardFrom(under), slot, ...(shadow && { shadow }) }];
  });
}

/** Sets the second from which the new generation is heard, and the one before it no longer. */
export async function switchOver(step: Step & { kind: 'switch' }, under: Under): Promise<void> {
  const { generation, leadSeconds } = step;
  await change(under, (before) => {
    const next = before.find((one) => one.generation === generation);
    if (next === undefined)
      throw new UserFault(`generation ${generation} was never written down: plan again`);
    if (next.shadow !== true) return undefined;
    const from = Math.floor(Date.now() / 1_000) + leadSeconds;
    under.progress.say(`  generation ${generation} is heard from ${new Date(from * 1_000).toISOString()} on`);
    return before.map((one): Generation => {
      if (one.generation === generation) return { generation, slot: one.slot, from };
      const isOld = one.generation === under.plan.previousGeneration;
      return isOld && one.until === undefined ? { ...one, until: from } : one;
    });
  });
}

/** The second from which the old generation is not heard, where there is one. */
export async function switchedAt(under: Under): Promise<number | undefined> {
  const { generations } = await under.control.generations();
  return generations.find((one) => one.generation === under.plan.previousGeneration)?.until;
}

/**
 * Hears the old generation again as before, and the new one no more. It stays in the list, so that what it said is
 * known for what it is.
 */
export async function forget(generation: number, under: Under): Promise<void> {
  const { plan } = under;
  // A settings change or a start has no generation of its own.
  if (generation === plan.previousGeneration) return;
  await change(under, (before) => {
    const isForgotten = before.every(
      (one) =>
        (one.generation !== generation || (one.shadow === true && one.until === one.from)) &&
        (one.generation !== plan.previousGeneration || one.until === undefined),
    );
    if (isForgotten) return undefined;
    return before.map((one): Generation => {
      // A shadow that has ended: it says no more, and its number is not given again.
      if (one.generation === generation) return { ...one, until: one.from, shadow: true };
      if (one.generation !== plan.previousGeneration) return one;
      const { generation: number, from, slot } = one;
      return { generation: number, from, slot };
    });
  });
}

/** Writes what `next` makes of the generations; nothing where it makes nothing. */
async function change(
  under: Under,
  next: (before: readonly Generation[]) => readonly Generation[] | undefined,
): Promise<void> {
  await achieve(under, {
    what: 'the generations to be written',
    limitSeconds: QUICK_SECONDS,
    look: async () => {
      const wanted = next((await under.control.generations()).generations);
      if (wanted === undefined) return { state: 'done', value: undefined };
      return { state: 'todo', missing: 'they are the old ones' };
    },
    act: async () => {
      const { generations, revision } = await under.control.generations();
      const wanted = next(generations);
      if (wanted !== undefined) await under.control.putGenerations(wanted.slice(-MOST_KEPT), revision);
    },
  });
}

/** A job that carries state on speaks from where the one before spoke. */
function heardFrom({ plan, facts }: Under): number {
  const cutover = facts().cutover ?? Number(plan.observed?.settings.parameters['cutover'] ?? 0);
  return Number.isSafeInteger(cutover) && cutover > 0 ? cutover : 0;
}
