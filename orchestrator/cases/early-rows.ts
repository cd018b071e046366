import { textOf } from './compare-rows';
import type { Row } from './golden-case';

/** What makes two excesses one suspension request; the application is the case's. */
const REQUEST = ['detection', 'resource', 'key', 'subject', 'windowEnd'];
/** What only grows while a second is open. */
const GROWING = ['units', 'peakSecondUnits', 'activeSeconds'];

/**
 * The rows without those that came early: of detections that speak at once, a row before its second was closed makes the
 * same request as the row after it, with units above the limit and no more than that row's, and all else alike. Each row
 * has one early one at most. What is early and has no such row stays: a case says it like any other row.
 *
 * @param atOnce names of the detections that speak at once
 */
export function withoutEarlyRows(rows: readonly Row[], atOnce: readonly string[]): Row[] {
  const left = [...rows];
  for (const closing of [...rows].sort((a, b) => numberIn(b, 'units') - numberIn(a, 'units'))) {
    if (!atOnce.includes(String(closing['detection'])) || !left.includes(closing)) continue;
    const early = left.findIndex((row) => row !== closing && isEarly(row, closing));
    if (early >= 0) left.splice(early, 1);
  }
  return left;
}

/** Whether two excesses are of one episode as far as one row tells: of one subject, and less than a window apart. */
export function isInEpisodeOf(row: Row, stated: Row): boolean {
  const apart = numberIn(row, 'windowEnd') - numberIn(stated, 'windowEnd');
  return (
    REQUEST.every((field) => field === 'windowEnd' || row[field] === stated[field]) &&
    row['limit'] === stated['limit'] &&
    numberIn(row, 'units') > numberIn(row, 'limit') &&
    apart > 0 &&
    apart < numberIn(row, 'windowEnd') - numberIn(row, 'windowStart')
  );
}

function isEarly(row: Row, closing: Row): boolean {
  return (
    REQUEST.every((field) => row[field] === closing[field]) &&
    textOf(withoutGrowing(row)) === textOf(withoutGrowing(closing)) &&
    GROWING.every((field) => numberIn(row, field) <= numberIn(closing, field)) &&
    numberIn(row, 'units') > numberIn(row, 'limit')
  );
}

function withoutGrowing(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([field]) => !GROWING.includes(field)));
}

function numberIn(row: Row, field: string): number {
  const value = row[field];
  return typeof value === 'number' ? value : NaN;
}
