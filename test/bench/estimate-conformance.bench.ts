import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Run } from '../../infra/local/processes/run';
import { startDynamoDb } from '../../infra/local/servers/dynamodb';
import { clientSettings, type Environment } from '../../lambdas/delivery/environment';
import { chargedForNoEntry, type ChargedForNoEntry } from '../lambdas/estimator/conformance-requests';
import {
  type Conformance,
  conformanceOf,
  emptyClass,
  type WriteClass,
} from '../lambdas/estimator/conformance-run';
import { conformanceTables } from '../lambdas/estimator/conformance-tables';
import { atLeast, type BenchResult, exactly } from './bench';

const seed = 20_261_124;
const writesPerTable = 750;
const transactionsPerTable = 30;

/** Compares the estimate of each seeded write with what DynamoDB Local says it consumed, in the table and each index. */
export async function bench(): Promise<BenchResult> {
  const run = new Run(`estimate-conformance-${process.pid}`, () => undefined);
  const tables: Conformance[] = [];
  let noEntry: ChargedForNoEntry | undefined;
  try {
    // Each table gets a process of its own: a second one with a stream makes both very slow.
    for (const [at, shape] of conformanceTables.entries()) {
      const server = await startDynamoDb(run, `dynamodb-${shape.table}`);
      const startedMs = performance.now();
      tables.push(
        await conformanceOf(environmentOf(server.endpoint), shape, {
          seed: seed + at,
          writes: writesPerTable,
          transactions: transactionsPerTable,
        }),
      );
      if (at === 0) noEntry = await shownBy(server.endpoint);
      await server.stop();
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      process.stderr.write(
        `estimate-conformance: ${shape.table}, ${shape.indexes.length} indexes, ${seconds} s\n`,
      );
    }
  } finally {
    await run.stop();
  }
  const sum = (of: (table: Conformance) => number): number => tables.reduce((all, one) => all + of(one), 0);
  const requests = sum(({ classes }) =>
    Object.values(classes).reduce((all, { requests: some }) => all + some, 0),
  );
  const disagreements = tables.flatMap((table) => table.disagreements);
  const unexplained = disagreements.filter(({ explained }) => explained === undefined);
  const explained = disagreements.filter((one) => one.explained !== undefined);
  return {
    bench: 'estimate-conformance',
    aims: [
      atLeast('random writes', 5_000, requests, 'requests'),
      exactly('changes that disagree and nobody knows why', 0, unexplained.length, 'changes'),
    ],
    details: {
      seed,
      requests,
      compared: sum(({ compared }) => compared),
      comparedResources: sum(({ comparedResources }) => comparedResources),
      classes: classesOf(tables),
      tables: tables.map(({ table, indexes, compared, comparedResources }) => ({
        table,
        indexes,
        compared,
        comparedResources,
      })),
      agreeing: sum(({ compared }) => compared) - disagreements.length,
      unexplained: unexplained.slice(0, 20),
      dynamoDbLocalIsWrong: {
        'charged-for-no-entry': {
          changes: explained.length,
          why: 'charges a write to an index that holds no entry of the item, neither before nor after',
          shownBy: noEntry,
          each: explained.map(({ table, kind, consumed, estimated }) => ({
            table,
            kind,
            consumed,
            estimated,
          })),
        },
      },
    },
  };
}

function environmentOf(endpoint: string): Environment {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: endpoint,
  };
}

async function shownBy(endpoint: string): Promise<ChargedForNoEntry> {
  const client = new DynamoDBClient(clientSettings(environmentOf(endpoint), 'DYNAMODB'));
  try {
    return await chargedForNoEntry(client);
  } finally {
    client.destroy();
  }
}

function classesOf(tables: readonly Conformance[]): Readonly<Record<string, WriteClass>> {
  const classes: Record<string, WriteClass> = {};
  for (const [name, one] of tables.flatMap((table) => Object.entries(table.classes))) {
    const all = (classes[name] ??= emptyClass());
    all.requests += one.requests;
    all.consumedUnits += one.consumedUnits;
    all.streamUnits += one.streamUnits;
    all.streamRecords += one.streamRecords;
    all.reporterUnits += one.reporterUnits;
    all.reporterUnitsWithoutKey += one.reporterUnitsWithoutKey;
  }
  return classes;
}
