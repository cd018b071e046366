import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createReporter } from '../../../guard/reporter';
import { usageRecord } from '../../../lambdas/contracts/usage-record';
import type { TableShape } from '../../../lambdas/estimator/table-shape';

/** What a reporter saw of a request, in write units. */
export interface Reported {
  /** In its usage records. */
  readonly units: number;
  /** Of an index whose key the request does not show: counted, and in no usage record. */
  readonly withoutKey: number;
}

/** A reporter on a client, asked after each request what it made of it. */
export function reporterOn(
  client: DynamoDBClient,
  shape: TableShape,
): { since(): Promise<Reported>; stop(): Promise<void> } {
  let units = 0;
  let withoutKeyBefore = 0;
  const globals = shape.indexes.filter(({ scope }) => scope === 'global');
  const reporter = createReporter({
    sink: {
      put: (records) => {
        for (const { json } of records) {
          for (const entry of usageRecord.parse(JSON.parse(json)).entries) units += entry.units;
        }
        return Promise.resolve();
      },
    },
    tables: {
      [shape.table]: {
        partitionKey: shape.partitionKey.name,
        subject: () => 'app_1',
        indexes: Object.fromEntries(
          globals.map(({ name, partitionKey }) => [name, partitionKey.map((key) => key.name)]),
        ),
      },
    },
    onEvent: () => undefined,
  });
  reporter.attach(client);
  return {
    async since() {
      await reporter.flush();
      const withoutKeyNow = Object.values(reporter.state().withoutKey).reduce((sum, one) => sum + one, 0);
      const reported = { units, withoutKey: withoutKeyNow - withoutKeyBefore };
      units = 0;
      withoutKeyBefore = withoutKeyNow;
      return reported;
    },
    stop: () => reporter.stop(),
  };
}
