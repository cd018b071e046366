import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { archivedUsage } from '../../../../infra/local/demo/archived-usage';
import { documentsTable } from '../../../../infra/local/example/documents-table';
import { type LocalSpillway, startLocalSpillway } from '../../../../infra/local/spillway';
import { type LocalSystem, startLocalSystem } from '../../../../infra/local/system';

let system: LocalSystem;
let spillway: LocalSpillway;

beforeAll(async () => {
  system = await startLocalSystem({ flink: false });
  // Nothing here asks Flink.
  const withoutFlink = { ...system, flinkRestUrl: 'http://127.0.0.1:9' };
  spillway = await startLocalSpillway(withoutFlink, {
    name: 'archived',
    suspensionSeconds: 120,
    log: () => undefined,
  });
});
afterAll(async () => {
  await spillway.stop();
  await system.stop();
});

test('what is written to the table is in the archive, as DynamoDB counted it', async () => {
  let units = 0;
  const writes = 20;
  for (let at = 0; at < writes; at++) {
    const { ConsumedCapacity } = await spillway.dynamodb.send(
      new PutItemCommand({
        TableName: documentsTable.name,
        Item: {
          app_id: { S: `app_${at % 3}` },
          document_id: { S: `d${at}` },
          text: { S: 'x'.repeat(at * 300) },
        },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    units += ConsumedCapacity?.CapacityUnits ?? 0;
  }
  const archived = await archivedUsage(spillway, documentsTable.name, {
    writes: () => writes,
    withinMs: 60_000,
    folder: system.runFolder,
  });
  expect(archived).toMatchObject({ writes, units });
  expect(archived.records).toBeGreaterThan(0);
  expect(archived.objects).toBeGreaterThan(0);
});
