import { z } from 'zod';
import { wholeNumber } from '../contracts/fields';
import { type TableShape, tableShape } from './table-shape';

/**
 * The shapes that a table had, oldest first, each from a second of event time on. A batch is read by the shape in
 * force at its first second, so that every try of it is read by the same.
 */
export const shapeHistory = z.strictObject({
  /** Counts the changes of this history. */
  revision: wholeNumber,
  versions: z.array(z.strictObject({ fromSecond: wholeNumber, shape: tableShape })).min(1),
});

export type ShapeHistory = z.infer<typeof shapeHistory>;

/**
 * A new shape comes into force this much after it was found. It is longer than any function may go on without reading
 * the history again (usableSeconds), so that all of them know the shape before its first second.
 */
export const leadSeconds = 120;

/** How many shapes are remembered: a batch kept for long before it is sent again needs an old one. */
const mostVersions = 32;

/** What a history may take in JSON, of the 400 KB that an item may have. */
const mostCharacters = 300_000;

/** The history of a table that is seen for the first time: its shape counts for all that came before, too. */
export function firstHistory(shape: TableShape): ShapeHistory {
  return { revision: 0, versions: [{ fromSecond: 0, shape }] };
}

/** The shape in force at that second; the oldest one known for what lies before it. */
export function shapeInForce({ versions }: ShapeHistory, second: number): TableShape {
  const inForce = versions.filter(({ fromSecond }) => fromSecond <= second).at(-1) ?? versions[0];
  if (inForce === undefined) throw new RangeError('a history has at least one shape');
  return inForce.shape;
}

/** The history with the shape that was just found as its newest; undefined where it is that already. */
export function withShape(
  history: ShapeHistory,
  shape: TableShape,
  nowSeconds: number,
): ShapeHistory | undefined {
  const newest = history.versions.at(-1);
  if (newest !== undefined && JSON.stringify(newest.shape) === JSON.stringify(shape)) return undefined;
  const fromSecond = Math.max(nowSeconds + leadSeconds, (newest?.fromSecond ?? 0) + 1);
  const versions = [...history.versions, { fromSecond, shape }].slice(-mostVersions);
  while (versions.length > 2 && JSON.stringify(versions).length > mostCharacters) versions.shift();
  return { revision: history.revision + 1, versions };
}
