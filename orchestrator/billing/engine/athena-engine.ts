import type { Athena } from '../../archive/athena';
import { hourOfKey } from '../../archive/layout';
import { UserFault } from '../../user-fault';
import { hourText } from '../period';
import type { Value } from '../sql/relations';
import type { ArchiveObject, BillingEngine } from './engine';

/** Athena takes no longer a query (service quotas, length of a query string in bytes). */
const MOST_QUERY_BYTES = 262_144;

/** Rates in an account: what each query scanned is added up. */
export function athenaEngine(athena: Athena, list: () => Promise<ArchiveObject[]>): BillingEngine {
  let charged = 0;
  return {
    name: 'athena',
    objects: async ({ fromSecond, toSecond }) =>
      (await list()).filter(({ key }) => {
        const { day = '', hour = '' } = hourOfKey(key) ?? {};
        return `${day}T${hour}` >= hourText(fromSecond) && `${day}T${hour}` < hourText(toSecond);
      }),
    query: async (sql) => {
      const length = Buffer.byteLength(sql);
      if (length > MOST_QUERY_BYTES) {
        throw new UserFault(
          `the query has ${length} bytes, but Athena takes ${MOST_QUERY_BYTES}: give fewer rows with --counters or --suspensions`,
        );
      }
      const { columns, rows, bytesScanned } = await athena.table(sql);
      charged += bytesScanned;
      return { columns, rows: rows.map((cells) => cells.map(valueOf)) };
    },
    bytesCharged: () => charged,
    close: () => {
      athena.close();
    },
  };
}

function valueOf(cell: unknown): Value {
  if (typeof cell === 'number') return BigInt(cell);
  if (typeof cell === 'bigint' || typeof cell === 'string' || cell === null) return cell;
  throw new RangeError(`a column is ${typeof cell}, but columns are whole numbers or texts`);
}
