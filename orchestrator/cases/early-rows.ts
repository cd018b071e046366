import { textOf } from './compare-rows';
import type { Row } from './golden-case';

/** What makes two excesses one suspension request; the application is the case's. */
const REQUEST = ['detection', 'resource', 'key', 'subject', 'windowEnd'];
/** What only grows while a second is open. `keyUnits` is there where the subjects of a key are ranked. */
const GROWING = ['units', 'peakSecondUnits', 'activeSeconds', 'keyUnits'];
/** What is worked out from the heat of other subjects too, and may go either way. */
const RANKING = ['rank', 'share'];

/**
 * The rows without those that came early: of detections that speak at once, a row before its second was closed makes the
 * same request as the row after it, with the heat that is limited above the limit and no more than that row's, and all else
 * alike. Each row has one early one at most. What is early and has no such row stays: a case says it like any other row.
 *
 * @param atOnce names of the detections that speak at once
 */
export function withoutEarlyRows(rows: readonly Row[], atOnce: readonly string[]): Row[] {
  const left = [...rows];
  for (const closing of [...rows].sort((a, b) => heatIn(b) - heatIn(a))) {
    if (!atOnce.includes(String(closing['detection'])) || !left.includes(closing)) continue;
    const early = left.findIndex((row) => row !== closing && isEarly(row, closing));
    if (early >= 0) left.splice(early, 1);
  }
  return left;
}

/**
 * Whether two excesses are of one episode as far as one row tells: of one subject, and less than a window apart. Where the
 * subjects of a key are ranked, of one key, as an episode of the key has other subjects from second to second: and a row
 * about one subject that passed the limit alone ends such an episode, at once.
 */
export function isInEpisodeOf(row: Row, stated: Row): boolean {
  const isRanked = 'rank' in row;
  const same = isRanked ? ['resource', 'key'] : REQUEST.filter((field) => field !== 'windowEnd');
  const apart = numberIn(row, 'windowEnd') - numberIn(stated, 'windowEnd');
  return (
    same.every((field) => row[field] === stated[field]) &&
    row['limit'] === stated['limit'] &&
    heatIn(row) > numberIn(row, 'limit') &&
    apart >= (isRanked ? 0 : 1) &&
    apart < numberIn(row, 'windowEnd') - numberIn(row, 'windowStart')
  );
}

function isEarly(row: Row, closing: Row): boolean {
  return (
    REQUEST.every((field) => row[field] === closing[field]) &&
    textOf(steady(row)) === textOf(steady(closing)) &&
    GROWING.every((field) => !(field in closing) || numberIn(row, field) <= numberIn(closing, field)) &&
    heatIn(row) > numberIn(row, 'limit')
  );
}

/** What the limit is for. */
function heatIn(row: Row): number {
  return numberIn(row, 'keyUnits' in row ? 'keyUnits' : 'units');
}

function steady(row: Row): Row {
  const moving = [...GROWING, ...('rank' in row ? RANKING : [])];
  return Object.fromEntries(Object.entries(row).filter(([field]) => !moving.includes(field)));
}

function numberIn(row: Row, field: string): number {
  const value = row[field];
  return typeof value === 'number' ? value : NaN;
}
