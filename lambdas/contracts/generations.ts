import { z } from 'zod';
import { epochSecond, name, version, wholeNumber } from './fields';

/**
 * One generation of an application, and the seconds of event time for which it is heard: its excesses with
 * `from <= windowEnd < until`.
 */
export const generation = z.strictObject({
  generation: wholeNumber,
  from: epochSecond,
  /** Exclusive; absent while no other generation took over at a second. */
  until: epochSecond.optional(),
  /** Which of the service's two applications runs it; hidden from people. */
  slot: z.enum(['blue', 'green']),
  /** Of a generation that runs beside the live one only to be compared: it is never heard. */
  shadow: z.boolean().optional(),
});

export type Generation = z.infer<typeof generation>;

/**
 * Which generations of an application are heard, the newest last. One item of the control table: as JSON in the text
 * `generations`, beside the number `revision`.
 */
export const generations = z.strictObject({
  version,
  /** The application's logical name. */
  application: name,
  generations: z.array(generation),
});

export type Generations = z.infer<typeof generations>;

/**
 * How old the generations may be that the alerter acts on. Whoever changes which generation is heard at a second that
 * is not over yet does so this much ahead; whoever puts excesses again that are now heard waits this long.
 */
export const generationsCacheSeconds = 5;

/** The control table's key of an application's generations. */
export function generationsKey(application: string): { pk: string; sk: string } {
  return { pk: `application#${application}`, sk: 'generations' };
}

/**
 * Whether an excess is acted on. Where nothing is known of an application it is: an application may run that no
 * rollout has written down. A generation that is not among those known is not heard: it is taken back or not yet here.
 */
export function isHeard(
  known: Generations | undefined,
  { generation: number, windowEnd }: { generation: number; windowEnd: number },
): boolean {
  if (known === undefined) return true;
  const found = known.generations.find(({ generation: one }) => one === number);
  if (found === undefined || found.shadow === true) return false;
  return windowEnd >= found.from && (found.until === undefined || windowEnd < found.until);
}
