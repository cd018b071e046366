import { z } from 'zod';

/** A batch by its name and its range; sequence numbers padded to 40 digits, so that they compare as text. */
export interface BatchRange {
  readonly source: string;
  readonly batch: string;
  readonly firstSequence: string;
  readonly lastSequence: string;
}

/** Two batches that hold changes of one table key in one second and overlap: something in them was read twice. */
export interface OverlappingBatches {
  readonly one: BatchRange;
  readonly other: BatchRange;
}

/** A batch of a stretch of a shard that was read more than once. */
export interface Reading extends BatchRange {
  /** Batches of one cluster are connected by overlaps. From 0. */
  readonly cluster: number;
  /** Batches of one reading do not overlap. From 0. */
  readonly reading: number;
}

/** A row of athena-sql/archive/overlapping-batches.sql. */
export const overlappingBatches: z.ZodType<OverlappingBatches> = z
  .object({
    source: z.string(),
    batch: z.string(),
    first_sequence: z.string(),
    last_sequence: z.string(),
    other_batch: z.string(),
    other_first_sequence: z.string(),
    other_last_sequence: z.string(),
  })
  .transform((row) => ({
    one: {
      source: row.source,
      batch: row.batch,
      firstSequence: row.first_sequence,
      lastSequence: row.last_sequence,
    },
    other: {
      source: row.source,
      batch: row.other_batch,
      firstSequence: row.other_first_sequence,
      lastSequence: row.other_last_sequence,
    },
  }));

/**
 * Tells the readings of each stretch apart. Overlaps connect batches of one shard only, so each cluster is intervals on
 * one line: in the order of their beginnings each goes to the reading that ended last among those that have ended, and
 * begins another one where none has. Pure; the order of the pairs does not matter.
 */
export function readingsOf(pairs: readonly OverlappingBatches[]): Reading[] {
  const clusters = clustersOf(pairs);
  return clusters.flatMap((cluster, number) => {
    const ends: string[] = [];
    return cluster.map((range) => {
      let reading = ends.length;
      for (const [index, end] of ends.entries()) {
        const isFree = end < range.firstSequence;
        if (isFree && (reading === ends.length || end > (ends[reading] ?? ''))) reading = index;
      }
      ends[reading] = range.lastSequence;
      return { ...range, cluster: number, reading };
    });
  });
}

/** Each in the order of its ranges, and they in the order of their first one. */
function clustersOf(pairs: readonly OverlappingBatches[]): BatchRange[][] {
  const ranges = new Map<string, BatchRange>();
  const neighbours = new Map<string, string[]>();
  for (const { one, other } of pairs) {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      ranges.set(nameOf(from), from);
      neighbours.set(nameOf(from), [...(neighbours.get(nameOf(from)) ?? []), nameOf(to)]);
    }
  }
  const clusters: BatchRange[][] = [];
  const seen = new Set<string>();
  for (const start of [...ranges.keys()].sort()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const names = [start];
    for (const name of names) {
      for (const neighbour of neighbours.get(name) ?? []) {
        if (seen.has(neighbour)) continue;
        seen.add(neighbour);
        names.push(neighbour);
      }
    }
    clusters.push(names.sort().flatMap((name) => ranges.get(name) ?? []));
  }
  return clusters;
}

/** Sorts by source, then as the ranges lie. */
function nameOf({ source, batch, firstSequence, lastSequence }: BatchRange): string {
  return JSON.stringify([source, firstSequence, lastSequence, batch]);
}
