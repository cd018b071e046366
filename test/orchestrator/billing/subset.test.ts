import { subsetFindings } from '../../../orchestrator/billing/definition/sql-subset';

/** What each refused text is refused for. */
const refused: readonly (readonly [string, string])[] = [
  ['function', 'SELECT approx_distinct(subject) AS n FROM entries'],
  ['function', 'SELECT from_unixtime(second) AS at FROM entries'],
  ['not-whole', 'SELECT SUM(units) * 1.25 AS usd FROM entries'],
  ['type', 'SELECT CAST(units AS DOUBLE) AS units FROM entries'],
  ['type', 'SELECT CAST(SUM(units) AS DECIMAL(38, 2)) AS units FROM entries'],
  ['divisor', 'SELECT units / writes AS mean FROM entries'],
  ['divisor', 'SELECT units % 0 AS rest FROM entries'],
  ['select-star', 'SELECT * FROM entries'],
  ['select-star', 'SELECT entries.* FROM entries'],
  ['not-repeatable', 'SELECT subject FROM entries LIMIT 10'],
  ['not-repeatable', 'SELECT CURRENT_DATE AS today FROM entries'],
  ['one-query', 'SELECT subject FROM entries;'],
  ['not-a-query', 'EXPLAIN SELECT subject FROM entries'],
  ['not-repeatable', 'WITH a AS (SELECT subject FROM entries) DELETE FROM a'],
  ['relation', 'SELECT subject FROM usage'],
  ['relation', 'SELECT resource FROM entries JOIN counters ON counters.resource = entries.resource'],
  ['relation', 'SELECT 1 AS one'],
  ['placeholder-form', 'SELECT ${limit - 1s} AS one FROM entries'],
];

test.each(refused)('%s: %s', (code, sql) => {
  expect(subsetFindings(sql, ['entries']).map((finding) => finding.code)).toContain(code);
});

test('what the definitions are made of is let through', () => {
  const sql = `WITH a AS (
    SELECT subject, CAST(SUM(units) AS BIGINT) AS units, (1 + 2) * 3 / 4 AS x, 7 / NULLIF(SUM(writes), 0) AS y
    FROM entries -- of the month; not * of it
    WHERE subject IN ('a', 'b;') AND (units > 0 OR NOT (writes > 1))
    GROUP BY subject
)
SELECT a.subject AS subject, ROW_NUMBER() OVER (PARTITION BY a.subject ORDER BY (units)) AS n
FROM a
LEFT JOIN (\${included}) AS contract (subject, units) ON contract.subject = a.subject
WHERE EXISTS (SELECT units FROM entries)`;
  expect(subsetFindings(sql, ['entries'])).toEqual([]);
});

test('a misspelt function is told with the one that was meant, at its line', () => {
  expect(subsetFindings('SELECT\n  COALESC(units, 0) AS units\nFROM entries', ['entries'])).toEqual([
    expect.objectContaining({
      code: 'function',
      line: 2,
      message: expect.stringContaining('did you mean "COALESCE"') as string,
    }),
  ]);
});
