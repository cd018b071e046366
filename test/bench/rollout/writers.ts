import type { Writer } from './load';
import { LIMIT, LOWER_LIMIT, type Windows } from './scenario';

/**
 * Who writes before the change and on through it. `slow` ones are above the limit of the long window alone: whoever looks
 * back too little misses them. `middle` ones lie between the two limits.
 */
export function writersBefore(now: number, { short, long }: Windows): Writer[] {
  const slow = (LIMIT * 2) / (short + long);
  return [
    ...Array.from({ length: 20 }, (_, i) => ({ subject: `steady-${i}`, unitsPerSecond: 2, from: now })),
    ...Array.from({ length: 6 }, (_, i) => ({
      subject: `slow-${i}`,
      unitsPerSecond: Math.ceil(slow),
      from: now + Math.floor((i * long) / 6),
    })),
    { subject: 'middle-before', unitsPerSecond: Math.ceil((LIMIT + LOWER_LIMIT) / 2 / short), from: now },
    { subject: 'episode-before', unitsPerSecond: LIMIT / 4, from: now + 5, until: now + 15 },
    { subject: 'episode-on-and-on', unitsPerSecond: LIMIT / 4, from: now + 10 },
  ];
}

/** Who begins while the change is made: right at it, and each few seconds of it. */
export function writersAcross(now: number, { short }: Windows): Writer[] {
  return [
    { subject: 'middle-across', unitsPerSecond: Math.ceil((LIMIT + LOWER_LIMIT) / 2 / short), from: now },
    ...Array.from({ length: 12 }, (_, i) => ({
      subject: `episode-across-${i}`,
      unitsPerSecond: LIMIT / 5,
      from: now + 4 * i,
      until: now + 4 * i + 12,
    })),
  ];
}

/** Who begins when the change is done. */
export function writersAfter(now: number, { short, long }: Windows): Writer[] {
  return [
    { subject: 'episode-after', unitsPerSecond: LIMIT / 4, from: now, until: now + 10 },
    { subject: 'slow-after', unitsPerSecond: Math.ceil((LIMIT * 2) / (short + long)), from: now },
    { subject: 'middle-after', unitsPerSecond: Math.ceil((LIMIT + LOWER_LIMIT) / 2 / short), from: now },
  ];
}
