import { usageOnce } from '../../archive/entries-sql';
import type { UsageArchive } from '../../archive/usage-archive';
import type { Period } from '../period';
import type { BillingEngine } from './engine';

/**
 * The query for a period's entries, each change once, of what arrived before the close. It looks first for batches that
 * AWS read again; the query is the same text for the same archive.
 */
export async function entriesOnce(engine: BillingEngine, period: Period, closes: number): Promise<string> {
  const { sql } = await usageOnce(asArchive(engine), {
    fromSecond: period.fromSecond,
    untilSecond: period.toSecond,
    // The hour that this second lies in is read as well.
    arrivedUntilSecond: closes - 1,
  });
  return sql;
}

/** What the look for batches needs of an archive. */
function asArchive(engine: BillingEngine): Pick<UsageArchive, 'query'> {
  return {
    query: async (sql, row) => {
      const { columns, rows } = await engine.query(sql);
      return {
        rows: rows.map((cells) =>
          row.parse(Object.fromEntries(columns.map((name, at) => [name, cells[at]]))),
        ),
        bytesScanned: engine.bytesCharged(),
      };
    },
  };
}
