import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../../../lambdas/delivery/environment';
import { serverEnvironment } from '../../infra/local/event-sources/servers';
import { chargedForNoEntry } from './conformance-requests';
import { conformanceOf } from './conformance-run';
import { conformanceTables } from './conformance-tables';

/** The bench `estimate-conformance` makes many more, to all of the tables. */
test.each(['none', 'five'])(
  'estimates equal the consumed capacity of seeded writes of all types to the table %s',
  async (name) => {
    const shape = conformanceTables.find(({ table }) => table === name);
    if (shape === undefined) throw new Error(`there is no table ${name}`);
    const { disagreements, compared, classes } = await conformanceOf(serverEnvironment(), shape, {
      seed: 4_711,
      writes: 250,
      transactions: 2,
    });
    expect(disagreements.filter(({ explained }) => explained === undefined)).toEqual([]);
    expect(compared).toBeGreaterThan(150);
    expect(classes['same-again']).toMatchObject({ streamRecords: 0, streamUnits: 0 });
    expect(classes['failed-condition']).toMatchObject({ streamRecords: 0, streamUnits: 0 });
    expect(classes['transaction']).toMatchObject({ requests: 2, streamRecords: 4 });
  },
);

test('where an index has no entry before and after a change, DynamoDB Local may charge it all the same', async () => {
  const client = new DynamoDBClient(clientSettings(serverEnvironment(), 'DYNAMODB'));
  try {
    expect(await chargedForNoEntry(client)).toEqual({ indexUnits: 1, entriesBefore: 0, entriesAfter: 0 });
  } finally {
    client.destroy();
  }
});
