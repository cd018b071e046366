import {
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { createControlTable } from '../../../infra/local/control-table';
import { clientSettings } from '../../../lambdas/delivery/environment';
import type { LogLine } from '../../../lambdas/delivery/log';
import {
  firstHistory,
  leadSeconds,
  type ShapeHistory,
  shapeInForce,
  withShape,
} from '../../../lambdas/estimator/shape-history';
import {
  createShapes,
  refreshSeconds,
  type ShapeAnswer,
  usableSeconds,
} from '../../../lambdas/estimator/shapes';
import type { TableShape } from '../../../lambdas/estimator/table-shape';
import { ownHistories, type TablesPort, tablesPort } from '../../../lambdas/estimator/tables-port';
import { serverEnvironment } from '../../infra/local/event-sources/servers';
import { uniqueName } from '../../infra/local/event-sources/streams-of-one-test';
import { until } from '../../infra/local/event-sources/until';
import { arnOf, shapeOf } from './stream-records';
import { createStreamedTable, indexBy } from './streamed-tables';

const startSecond = 1_790_000_000;
let second: number;
let lines: LogLine[];
const clock = (): number => second * 1000;
const log = (line: LogLine): void => {
  lines.push(line);
};

beforeEach(() => {
  second = startSecond;
  lines = [];
});

const indexesIn = (answer: ShapeAnswer): unknown =>
  answer.kind === 'shape' ? answer.shape.indexes.map(({ name }) => name) : answer;

describe('on real tables', () => {
  let dynamoDb: DynamoDBClient;
  let control: string;
  let port: TablesPort;

  beforeAll(async () => {
    dynamoDb = new DynamoDBClient(clientSettings(serverEnvironment(), 'DYNAMODB'));
    control = uniqueName('control');
    await createControlTable(dynamoDb, control);
    port = tablesPort(serverEnvironment(), control);
  });

  afterAll(() => {
    port.close();
    dynamoDb.destroy();
  });

  async function addIndex(table: string, key: string): Promise<void> {
    await dynamoDb.send(
      new UpdateTableCommand({
        TableName: table,
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates: [
          { Create: { ...indexBy(key), IndexName: indexBy(key).IndexName ?? '' } },
        ],
      } as ConstructorParameters<typeof UpdateTableCommand>[0]),
    );
    await until(`the index by ${key} is active`, async () => {
      const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: table }));
      return Table?.GlobalSecondaryIndexes?.every(({ IndexStatus }) => IndexStatus === 'ACTIVE') ?? false;
    });
  }

  test('a table is read at its first batch, and every function knows the same of it', async () => {
    const table = uniqueName('table');
    const arn = await createStreamedTable(dynamoDb, table, [indexBy('a'), indexBy('b')]);
    const answers = await Promise.all(
      [1, 2, 3].map(() => createShapes(port, clock, log).at(arn, table, second)),
    );
    expect(answers.map(indexesIn)).toEqual([1, 2, 3].map(() => ['by_a', 'by_b']));
    expect(answers[0]).toMatchObject({ shape: { table, partitionKey: { name: 'pk', type: 'S' } } });
    expect(await port.readHistory(arn)).toMatchObject({ revision: 0, versions: [{ fromSecond: 0 }] });
  });

  test('a new index comes into force at one second for all, whoever looked when', async () => {
    const table = uniqueName('table');
    const arn = await createStreamedTable(dynamoDb, table);
    const [early, late] = [createShapes(port, clock, log), createShapes(port, clock, log)];
    await early.at(arn, table, second);
    await addIndex(table, 'a');
    expect(indexesIn(await early.at(arn, table, second))).toEqual([]);
    second += refreshSeconds;
    expect(indexesIn(await early.at(arn, table, second))).toEqual([]);
    expect(lines).toMatchObject([
      { event: 'shape-changed', indexes: ['by_a'], fromSecond: second + leadSeconds },
    ]);
    const from = second + leadSeconds;
    second = from;
    for (const shapes of [early, late]) {
      expect(indexesIn(await shapes.at(arn, table, from - 1))).toEqual([]);
      expect(indexesIn(await shapes.at(arn, table, from))).toEqual(['by_a']);
    }
  });

  test('a table that was deleted is read as it was known; one that nobody knew is gone', async () => {
    const table = uniqueName('table');
    const arn = await createStreamedTable(dynamoDb, table, [indexBy('a')]);
    const shapes = createShapes(port, clock, log);
    await shapes.at(arn, table, second);
    await dynamoDb.send(new DeleteTableCommand({ TableName: table }));
    second += refreshSeconds;
    expect(indexesIn(await shapes.at(arn, table, second))).toEqual(['by_a']);
    const unknown = arn.replace(/stream\/.*/, 'stream/2020-01-01T00:00:00.000');
    expect(await shapes.at(unknown, table, second)).toMatchObject({ kind: 'gone' });
  });

  test('a table that was made anew under its name is another one', async () => {
    const table = uniqueName('table');
    const before = await createStreamedTable(dynamoDb, table, [indexBy('a')]);
    await dynamoDb.send(new DeleteTableCommand({ TableName: table }));
    const after = await createStreamedTable(dynamoDb, table, [indexBy('b')]);
    const shapes = createShapes(port, clock, log);
    expect(indexesIn(await shapes.at(after, table, second))).toEqual(['by_b']);
    expect(await shapes.at(before, table, second)).toMatchObject({
      kind: 'gone',
      detail: expect.stringContaining('was deleted before its keys and indexes were read') as string,
    });
  });

  test('without the control table batches fail, and are tried again', async () => {
    const missing = tablesPort(serverEnvironment(), 'no-such-table');
    try {
      await expect(createShapes(missing, clock, log).at(arnOf('t'), 't', second)).rejects.toThrow(
        /non-existent table/,
      );
    } finally {
      missing.close();
    }
  });
});

/** A port whose table looks as a test says, and which fails when it says so. */
function portOf(shape: () => TableShape, fails: () => boolean = () => false): TablesPort {
  const histories = ownHistories();
  return {
    ...histories,
    readHistory: async (arn) => {
      if (fails()) throw new Error('no answer');
      return histories.readHistory(arn);
    },
    describe: () =>
      Promise.resolve({
        shape: shape(),
        inTransit: [],
        stream: { label: '2026-11-24T00:00:00.000', viewType: 'NEW_AND_OLD_IMAGES' },
        createdMs: 0,
      }),
    close: () => undefined,
  };
}

test('what is known is used a little longer where it cannot be read again, and then no more', async () => {
  let fails = false;
  const shapes = createShapes(
    portOf(
      () => shapeOf('users'),
      () => fails,
    ),
    clock,
    log,
  );
  await shapes.at(arnOf('users'), 'users', second);
  fails = true;
  second = startSecond + usableSeconds - 1;
  expect(indexesIn(await shapes.at(arnOf('users'), 'users', second))).toEqual([]);
  expect(lines).toMatchObject([{ event: 'shape-not-read' }]);
  second = startSecond + usableSeconds;
  await expect(shapes.at(arnOf('users'), 'users', second)).rejects.toThrow('no answer');
});

test('the oldest shapes are forgotten where there are many, or large ones', () => {
  const numbered = (count: number, name = ''): TableShape => ({
    ...shapeOf(`users${String(count)}`),
    partitionKey: { name: `pk${name}`, type: 'S' },
  });
  const after = (changes: number, name?: string): ShapeHistory => {
    let history = firstHistory(numbered(0, name));
    for (let count = 1; count <= changes; count += 1) {
      history = withShape(history, numbered(count, name), startSecond) ?? history;
    }
    return history;
  };
  expect(after(100)).toMatchObject({ revision: 100, versions: { length: 32 } });
  expect(shapeInForce(after(100), 0).table).toBe('users69');
  expect(JSON.stringify(after(10, 'x'.repeat(50_000))).length).toBeLessThan(310_000);
  expect(withShape(after(3), numbered(3), startSecond)).toBeUndefined();
});

test('all tries of a batch see one shape, whatever functions start, look and fail when', async () => {
  const versions = ['a', 'b', 'c'].map((name) =>
    shapeOf('users', [
      { name, scope: 'global', partitionKey: [{ name, type: 'S' }], sortKey: [], projected: 'all' },
    ]),
  );
  const step = fc.record({
    seconds: fc.nat({ max: 50 }),
    container: fc.nat({ max: 3 }),
    version: fc.nat({ max: 2 }),
    fails: fc.nat({ max: 9 }).map((dice) => dice === 0),
    restarts: fc.nat({ max: 9 }).map((dice) => dice === 0),
    /** How long ago the batch was written that is tried. */
    age: fc.constantFrom(0, 1, 30, 100, 500),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      let now = startSecond;
      let version = 0;
      let fails = false;
      const port = portOf(
        () => versions[version] ?? shapeOf('users'),
        () => fails,
      );
      const start = (): ReturnType<typeof createShapes> =>
        createShapes(
          port,
          () => now * 1000,
          () => undefined,
        );
      const containers = [start(), start(), start(), start()];
      const seen = new Map<number, unknown>();
      for (const one of steps) {
        now += one.seconds;
        version = one.version;
        fails = one.fails;
        if (one.restarts) containers[one.container] = start();
        const batch = now - one.age;
        let answer: ShapeAnswer;
        try {
          answer = (await containers[one.container]?.at(arnOf('users'), 'users', batch)) ?? {
            kind: 'gone',
            detail: '',
          };
        } catch {
          continue;
        }
        // Batches written before, and tried before, are all batches of which some try may still come.
        for (const [tried, before] of seen) if (tried === batch) expect(indexesIn(answer)).toEqual(before);
        seen.set(batch, indexesIn(answer));
      }
      // Every batch again, on a new container: the shapes are still those of the first tries.
      fails = false;
      const last = start();
      for (const [batch, before] of seen) {
        expect(indexesIn(await last.at(arnOf('users'), 'users', batch))).toEqual(before);
      }
    }),
    { numRuns: 200 },
  );
});
