import { asCaseRow } from './case-time';
import { compareRows, inOrder, type TableDifference } from './compare-rows';
import type { Row } from './golden-case';
import type { CaseOutcome } from './run-cases';

/** A case as it came out, beside what it must come to. */
export interface JudgedCase {
  readonly outcome: CaseOutcome;
  /** What each table took, in the case's own words. */
  readonly actual: Readonly<Record<string, readonly Row[]>>;
  readonly differences: readonly TableDifference[];
  readonly passed: boolean;
}

export function judgeCase(outcome: CaseOutcome): JudgedCase {
  const { expected, application } = outcome.case;
  const actual = Object.fromEntries(
    Object.entries(outcome.tables ?? {}).map(([table, rows]) => [
      table,
      inOrder(rows.map((row) => asCaseRow(row, application))),
    ]),
  );
  const tables = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  const differences =
    outcome.tables === undefined
      ? []
      : tables.flatMap((table) => compareRows(table, expected[table] ?? [], actual[table] ?? []) ?? []);
  return { outcome, actual, differences, passed: outcome.tables !== undefined && differences.length === 0 };
}
