import type { Row } from './golden-case';

/**
 * Second 0 of every case, 2027-01-15T08:00:00Z: the first of a minute, so that a reader of a case sees where minutes begin.
 */
export const CASE_START = 1_800_000_000;

/** The fields of records that are seconds of event time. */
const SECONDS: readonly string[] = ['second', 'windowStart', 'windowEnd'];

/** What every row of an application says alike, so that a case leaves it out. */
function alwaysSaid(application: string): Row {
  return { version: 1, application, generation: 1 };
}

/**
 * A row as the job wrote it, as a case says it: seconds count from the case's start, a record inside it is JSON and not
 * text, and what every row says is left out.
 */
export function asCaseRow(row: Row, application: string): Row {
  const said = alwaysSaid(application);
  return Object.fromEntries(
    Object.entries(row)
      .filter(([field, value]) => said[field] !== value)
      .map(([field, value]) => [field, caseValue(field, value)]),
  );
}

function caseValue(field: string, value: unknown): unknown {
  if (SECONDS.includes(field) && typeof value === 'number') return value - CASE_START;
  if (field === 'record' && typeof value === 'string') return recordInside(value);
  return value;
}

function recordInside(text: string): unknown {
  try {
    const record: unknown = JSON.parse(text);
    if (typeof record !== 'object' || record === null || Array.isArray(record)) return text;
    return Object.fromEntries(
      Object.entries(record).map(([field, value]) => [field, caseValue(field, value)]),
    );
  } catch {
    // It is kept as it came because it is no JSON.
    return text;
  }
}
