import { z } from 'zod';
import type { UsageArchive } from '../../archive/usage-archive';
import { hourOfKey } from '../../archive/layout';
import { hourText } from '../period';
import type { Value } from '../sql/relations';
import type { ArchiveObject, BillingEngine } from './engine';

const cell = z.union([z.string(), z.null(), z.bigint(), z.number().int().transform(BigInt)]);
const row = z.record(z.string(), cell);

/** Rates what a port to the archive answers, such as Athena's: what each query scanned is added up. */
export function archiveEngine(
  name: BillingEngine['name'],
  archive: Pick<UsageArchive, 'query' | 'close'>,
  list: () => Promise<ArchiveObject[]>,
): BillingEngine {
  let charged: number | undefined;
  return {
    name,
    objects: async ({ fromSecond, toSecond }) =>
      (await list()).filter(({ key }) => {
        const { day = '', hour = '' } = hourOfKey(key) ?? {};
        return `${day}T${hour}` >= hourText(fromSecond) && `${day}T${hour}` < hourText(toSecond);
      }),
    query: async (sql) => {
      const { rows, bytesScanned } = await archive.query(sql, row);
      if (bytesScanned !== undefined) charged = (charged ?? 0) + bytesScanned;
      const columns = Object.keys(rows[0] ?? {});
      return { columns, rows: rows.map((each) => columns.map((column): Value => each[column] ?? null)) };
    },
    bytesCharged: () => charged,
    close: () => {
      archive.close();
    },
  };
}
