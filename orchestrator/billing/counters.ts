import type { Metrics } from '../service/metrics';
import type { Period } from './period';
import { sorted } from './given-files';
import type { GivenRelation } from './sql/relations';

/** CloudWatch keeps figures by the hour for 455 days. */
const HOUR_SECONDS = 3600;

/** What the estimator counted in a month: the sums of its metric EstimatedWriteUnits by table and index. */
export async function countersOf(metrics: Metrics, period: Period): Promise<GivenRelation> {
  const found = (await metrics.list('Spillway', 'EstimatedWriteUnits')).filter(
    ({ dimensions }) => dimensions['TableName'] !== undefined,
  );
  const sums = await metrics.sums(found, period.fromSecond, period.toSecond, HOUR_SECONDS);
  const rows = found.map(({ dimensions }, at) => {
    const { TableName = '', GlobalSecondaryIndexName: index } = dimensions;
    return [index === undefined ? TableName : `${TableName}/${index}`, BigInt(Math.round(sums[at] ?? 0))];
  });
  return sorted({ name: 'counters', rows });
}
