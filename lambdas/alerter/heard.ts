import type { Excess } from '../contracts/excess';
import { isHeard } from '../contracts/generations';
import type { Log } from '../delivery/log';
import type { GenerationsPort } from './generations-port';

/**
 * Which of a batch's excesses are acted on. The generations of each application are asked for once for the whole batch,
 * so that a generation that nobody knows costs one read of each batch at most.
 */
export async function heardOf(
  excesses: readonly Excess[],
  generations: GenerationsPort,
): Promise<ReadonlySet<Excess>> {
  const heard = new Set<Excess>();
  for (const [application, spoken] of grouped(excesses, ({ application: name }) => name)) {
    const known = await generations.of(application, new Set(spoken.map(({ generation }) => generation)));
    for (const excess of spoken) if (isHeard(known, excess)) heard.add(excess);
  }
  return heard;
}

/** Told once for each generation of a batch. Nothing of them is kept: the excess stream has them for a day. */
export function logUnheard(excesses: readonly Excess[], log: Log): void {
  const generations = grouped(excesses, ({ application, generation }) => `${application} ${generation}`);
  for (const unheard of generations.values()) {
    const [{ application, generation } = { application: '', generation: 0 }] = unheard;
    log({
      level: 'info',
      event: 'not-heard',
      message:
        `${unheard.length} excesses of generation ${generation} of ${application} are not acted on: another one ` +
        'is heard at their seconds, or it only runs to be compared.',
      application,
      generation,
      count: unheard.length,
    });
  }
}

function grouped(
  excesses: readonly Excess[],
  keyOf: (excess: Excess) => string,
): ReadonlyMap<string, readonly Excess[]> {
  const groups = new Map<string, Excess[]>();
  for (const excess of excesses) {
    const key = keyOf(excess);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [excess]);
    else group.push(excess);
  }
  return groups;
}
