import { type ConsumedCapacity, consumedOf } from '../../../guard/reporter/consumed';
import { type DynamoDbClient, observeWrites } from '../../../guard/reporter/sdk-middleware';
import type { MetricStore } from './metric-store';

/**
 * Records what DynamoDB Local says a client's writes consumed as DynamoDB does in CloudWatch:
 * `ConsumedWriteCapacityUnits` of the table, and of each global secondary index. What failed conditions consumed is
 * not in it, because DynamoDB Local does not say it.
 */
export function recordConsumedCapacity(
  client: DynamoDbClient,
  store: MetricStore,
  now: () => number = Date.now,
): void {
  const add = (table: string, index: string | undefined, units: number): void => {
    if (units === 0) return;
    const dimensions = { TableName: table, ...(index !== undefined && { GlobalSecondaryIndexName: index }) };
    store.addValue(
      { namespace: 'AWS/DynamoDB', name: 'ConsumedWriteCapacityUnits', dimensions },
      now(),
      units,
    );
  };
  observeWrites(client, {
    name: 'localCloudWatch',
    asksForItems: false,
    answered: (_, __, answer) => {
      const capacity: ConsumedCapacity | readonly ConsumedCapacity[] | undefined = answer.ConsumedCapacity;
      for (const { table, tableUnits, indexUnits } of consumedOf(capacity)) {
        add(table, undefined, tableUnits);
        for (const [index, units] of indexUnits) add(table, index, units);
      }
    },
    refused: () => undefined,
  });
}
