import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createControlTable } from '../../../infra/local/control-table';
import { clientSettings } from '../../../lambdas/delivery/environment';
import { warmSystem } from '../../parts/warm-system';

/** A new control table of a test's own on the warm system; answers with its name. */
export async function newControlTable(): Promise<string> {
  const client = new DynamoDBClient(clientSettings(warmSystem().environment, 'DYNAMODB'));
  const table = `control-${randomUUID()}`;
  try {
    await createControlTable(client, table);
    return table;
  } finally {
    client.destroy();
  }
}
