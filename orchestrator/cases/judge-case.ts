import { asCaseRow } from './case-time';
import { compareRows, inOrder, textOf, type TableDifference } from './compare-rows';
import { isInEpisodeOf, withoutEarlyRows } from './early-rows';
import type { GoldenCase, Row } from './golden-case';
import type { CaseOutcome } from './run-cases';

type Tables = Readonly<Record<string, readonly Row[]>>;

/** A case as it came out, beside what it must come to. */
export interface JudgedCase {
  readonly outcome: CaseOutcome;
  /** What each table took, in the case's own words, without what came early and was said again. */
  readonly actual: Tables;
  readonly differences: readonly TableDifference[];
  /** How what detections wrote differs from what their references wrote; expected is what the reference says. */
  readonly referenceDifferences: readonly TableDifference[];
  readonly passed: boolean;
}

export function judgeCase(outcome: CaseOutcome): JudgedCase {
  const { expected, atOnce } = outcome.case;
  const actual = inCaseWords(outcome.tables ?? {}, outcome.case, atOnce);
  const differences = outcome.tables === undefined ? [] : compareTables(expected, actual);
  const referenceDifferences = beside(
    inCaseWords(outcome.references ?? {}, outcome.case, []),
    actual,
    outcome.case,
  );
  const passed = outcome.tables !== undefined && differences.length + referenceDifferences.length === 0;
  return { outcome, actual, differences, referenceDifferences, passed };
}

function inCaseWords(tables: Tables, { application }: GoldenCase, atOnce: readonly string[]): Tables {
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      inOrder(
        withoutEarlyRows(
          rows.map((row) => asCaseRow(row, application)),
          atOnce,
        ),
      ),
    ]),
  );
}

function compareTables(expected: Tables, actual: Tables): TableDifference[] {
  const tables = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return tables.flatMap((table) => compareRows(table, expected[table] ?? [], actual[table] ?? []) ?? []);
}

/**
 * Detections beside their references: the same rows. A detection that speaks at once may also have spoken about a second
 * of which the reference says nothing, inside an episode of the reference; that row stands in the case's own files.
 */
function beside(references: Tables, actual: Tables, { atOnce, referenced }: GoldenCase): TableDifference[] {
  const tables = [...new Set([...Object.keys(references), ...Object.keys(actual)])].sort();
  return tables.flatMap((table) => {
    const said = references[table] ?? [];
    const texts = new Set(said.map(textOf));
    const compared = (actual[table] ?? []).filter(
      (row) =>
        referenced.includes(String(row['detection'])) &&
        (texts.has(textOf(row)) ||
          !atOnce.includes(String(row['detection'])) ||
          !said.some((stated) => isInEpisodeOf(row, stated))),
    );
    return compareRows(table, said, compared) ?? [];
  });
}
