import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createReporter } from '../../guard/reporter';
import type { BenchResult } from './bench';

const requestsPerRound = 500;
const rounds = 15;

/**
 * What the reporter adds to the time of a request: the same put through a client with it and one without, in turns,
 * against a server in this process that answers at once. A real answer takes longer, so the ratio is the worst case.
 */
export async function bench(): Promise<BenchResult> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const detailed = Buffer.concat(chunks).includes('"ReturnConsumedCapacity":"INDEXES"');
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(detailed ? withCapacity : '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const newClient = (): DynamoDBClient =>
    new DynamoDBClient({
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestHandler: new NodeHttpHandler(),
    });
  const [bare, reported] = [newClient(), newClient()];
  let records = 0;
  const reporter = createReporter({
    sink: {
      put: (sent) => {
        records += sent.length;
        return Promise.resolve();
      },
    },
    tables: { users: { partitionKey: 'app_id', subject: '{app_id}', indexes: { by_email: ['email'] } } },
  });
  reporter.attach(reported);
  try {
    await round(bare);
    await round(reported);
    const ratios: number[] = [];
    const added: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const without = await round(bare);
      const withIt = await round(reported);
      ratios.push(withIt / without);
      added.push(((withIt - without) / requestsPerRound) * 1_000);
      process.stderr.write(`round ${i + 1} of ${rounds}: ${(withIt / without).toFixed(3)}\n`);
    }
    await reporter.stop();
    const { sent } = reporter.state();
    const ratio = Number(median(ratios).toPrecision(3));
    const addedMicrosecondsPerRequest = Math.round(median(added));
    process.stderr.write(`a put with the reporter takes ${ratio} times one without: `);
    process.stderr.write(`${addedMicrosecondsPerRequest} µs more\n`);
    const details = { ratio, addedMicrosecondsPerRequest, requestsPerRound, rounds, sent, records };
    // Nobody has set a bound for it: it is measured and told.
    return { bench: 'reporter', aims: [], details };
  } finally {
    await reporter.stop();
    bare.destroy();
    reported.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const withCapacity = JSON.stringify({
  ConsumedCapacity: {
    TableName: 'users',
    CapacityUnits: 4,
    Table: { CapacityUnits: 2 },
    GlobalSecondaryIndexes: { by_email: { CapacityUnits: 2 } },
  },
});

/** Milliseconds that one round of puts takes, eight at a time. */
async function round(client: DynamoDBClient): Promise<number> {
  const startedMs = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < requestsPerRound) {
      const i = next++;
      await client.send(
        new PutItemCommand({
          TableName: 'users',
          Item: {
            app_id: { S: `app_${i % 50}` },
            id: { S: String(i) },
            email: { S: `user-${i}@example.com` },
            text: { S: 'x'.repeat(1_500) },
          },
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return performance.now() - startedMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
