import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import fc from 'fast-check';
import { startDynamoDbStreamSource } from '../../../infra/local/event-sources/dynamodb-stream';
import { clientSettings, type Environment } from '../../../lambdas/delivery/environment';
import { estimate } from '../../../lambdas/estimator/estimate';
import { type Readings, readingsFor } from '../../../lambdas/estimator/readings';
import { readSettings } from '../../../lambdas/estimator/settings';
import { createShapes } from '../../../lambdas/estimator/shapes';
import type { TableShape } from '../../../lambdas/estimator/table-shape';
import { tablesPort } from '../../../lambdas/estimator/tables-port';
import { recordingHandler } from '../../infra/local/event-sources/recording-handler';
import { until } from '../../infra/local/event-sources/until';
import { consumedBy, consumedByTransaction, createTableOf, type Units } from './conformance-requests';
import { seededWrite, type WriteKind } from './conformance-writes';
import { entryOf, type Item } from './naive-estimate';
import { type Reported, reporterOn } from './reporter-under-test';

/** What one kind of request consumed, and what each way of looking saw of it. */
export interface WriteClass {
  requests: number;
  /** As DynamoDB answers; it does not where a condition failed. */
  consumedUnits: number;
  /** As the estimator works them out from the stream. */
  streamUnits: number;
  /** Stream records that the requests left. */
  streamRecords: number;
  /** In the usage records of a reporter on the client. */
  reporterUnits: number;
  /** Seen by the reporter, and in no usage record: the request does not show the index's key. */
  reporterUnitsWithoutKey: number;
}

export type ClassName = WriteKind | 'delete-of-nothing' | 'transaction';

export interface Disagreement {
  readonly table: string;
  readonly kind: ClassName;
  readonly consumed: Units;
  readonly estimated: Units;
  readonly record: string;
  /**
   * Why DynamoDB Local is the one that is wrong; undefined where nobody knows. `charged-for-no-entry`: it charges an
   * index that has no entry of the item, neither before the change nor after it, because some key attributes were
   * there before and the others are there now (see chargedForNoEntry).
   */
  readonly explained: 'charged-for-no-entry' | undefined;
}

export interface Conformance {
  readonly table: string;
  readonly indexes: number;
  /** Writes that left a record, each compared in every resource. */
  readonly compared: number;
  readonly comparedResources: number;
  readonly disagreements: readonly Disagreement[];
  readonly classes: Readonly<Partial<Record<ClassName, WriteClass>>>;
}

const lastKey = 'the last of all';

/**
 * Makes seeded writes, one after the other, to a new table of the given shape, and compares what DynamoDB says each
 * consumed with what the estimator makes of its stream record. The table should be the only one with a stream in its
 * process.
 */
export async function conformanceOf(
  environment: Environment,
  shape: TableShape,
  options: { readonly seed: number; readonly writes: number; readonly transactions: number },
): Promise<Conformance> {
  const client = new DynamoDBClient(clientSettings(environment, 'DYNAMODB'));
  const streams = new DynamoDBStreamsClient(clientSettings(environment, 'DYNAMODB_STREAMS'));
  const handler = recordingHandler<DynamoDBStreamEvent>();
  const streamArn = await createTableOf(client, shape);
  const source = await startDynamoDbStreamSource({
    client: streams,
    streamArn,
    handler,
    functionName: 'estimator',
    startingPosition: 'TRIM_HORIZON',
    batchSize: 1_000,
    log: () => undefined,
    pollIntervalMs: 50,
  });
  const reporter = reporterOn(client, shape);
  try {
    const made = await makeWrites(client, reporter, shape, options);
    await consumedBy(
      client,
      shape.table,
      { kind: 'put', key: { pk: { S: lastKey }, sk: { N: '0' } }, attributes: {}, removed: [] },
      false,
    );
    await until('the last write came', () => handler.events.some(({ Records }) => Records.some(isLast)));
    const records = handler.events.flatMap(({ Records }) => Records).filter((record) => !isLast(record));
    return compare(shape, made, records, await readingsIn(environment, shape, records));
  } finally {
    await source.stop();
    await reporter.stop();
    client.destroy();
    streams.destroy();
  }
}

/** A request that was made: what it consumed, and how many stream records it must have left. */
interface Made {
  readonly kind: ClassName;
  readonly consumed: Units | undefined;
  readonly records: number;
  readonly reported: Reported;
}

async function makeWrites(
  client: DynamoDBClient,
  reporter: ReturnType<typeof reporterOn>,
  shape: TableShape,
  {
    seed,
    writes,
    transactions,
  }: { readonly seed: number; readonly writes: number; readonly transactions: number },
): Promise<Made[]> {
  const made: Made[] = [];
  /** The last put of each item that is there; undefined after an update, which cannot be put again as it is. */
  const present = new Map<string, object | undefined>();
  const sampled = fc.sample(seededWrite(shape), { seed, numRuns: writes });
  for (const [count, writeOf] of sampled.entries()) {
    let write = writeOf(count);
    const name = JSON.stringify(write.key);
    const there = present.has(name);
    const lastPut = present.get(name) as typeof write | undefined;
    if (write.kind === 'same-again')
      write = lastPut ? { ...lastPut, kind: 'same-again' } : { ...write, kind: 'put' };
    const kind = write.kind === 'delete' && !there ? 'delete-of-nothing' : write.kind;
    const consumed = await consumedBy(client, shape.table, write, there);
    const leavesNone = ['same-again', 'failed-condition', 'delete-of-nothing'].includes(kind);
    made.push({ kind, consumed, records: leavesNone ? 0 : 1, reported: await reporter.since() });
    if (kind === 'put') present.set(name, write);
    else if (kind === 'update') present.set(name, undefined);
    else if (kind === 'delete') present.delete(name);
  }
  for (let count = 0; count < transactions; count += 1) {
    const items = ['a', 'b'].map((pk) => ({
      pk: { S: pk },
      sk: { N: String(count) },
      s1: { S: `t${count}` },
      count: { N: '-1' },
    }));
    const consumed = await consumedByTransaction(client, shape.table, items);
    made.push({ kind: 'transaction', consumed, records: items.length, reported: await reporter.since() });
  }
  return made;
}

async function readingsIn(
  environment: Environment,
  { table }: TableShape,
  records: DynamoDBRecord[],
): Promise<Readings> {
  const settings = readSettings({
    SPILLWAY_USAGE_STREAM: 'usage',
    SPILLWAY_SET_ASIDE_STREAM: 'set-aside',
    SPILLWAY_TABLES: JSON.stringify({ [table]: { subject: '{pk}' } }),
  });
  const port = tablesPort(environment, undefined);
  try {
    const shapes = createShapes(port, Date.now, () => undefined);
    return await readingsFor({ Records: records }, settings, shapes);
  } finally {
    port.close();
  }
}

export function emptyClass(): WriteClass {
  return {
    requests: 0,
    consumedUnits: 0,
    streamUnits: 0,
    streamRecords: 0,
    reporterUnits: 0,
    reporterUnitsWithoutKey: 0,
  };
}

function compare(
  shape: TableShape,
  made: readonly Made[],
  records: readonly DynamoDBRecord[],
  readings: Readings,
): Conformance {
  const { table, indexes } = shape;
  const classes: Partial<Record<ClassName, WriteClass>> = {};
  const disagreements: Disagreement[] = [];
  let compared = 0;
  let comparedResources = 0;
  let at = 0;
  for (const { kind, consumed, records: left, reported } of made) {
    const one = (classes[kind] ??= emptyClass());
    const own = records.slice(at, at + left);
    at += left;
    const estimated = sumOf(own.map((record) => estimatedUnits(record, readings)));
    one.requests += 1;
    one.consumedUnits += total(consumed ?? {});
    one.streamUnits += total(estimated);
    one.streamRecords += own.length;
    one.reporterUnits += reported.units;
    one.reporterUnitsWithoutKey += reported.withoutKey;
    if (kind === 'transaction' || left === 0) continue;
    compared += 1;
    const resources = new Set([...Object.keys(consumed ?? {}), ...Object.keys(estimated)]);
    comparedResources += resources.size;
    if ([...resources].some((resource) => consumed?.[resource] !== estimated[resource])) {
      disagreements.push({
        table,
        kind,
        consumed: consumed ?? {},
        estimated,
        record: JSON.stringify(own[0]),
        explained: [...resources]
          .filter((resource) => consumed?.[resource] !== estimated[resource])
          .every((resource) => hadNoEntry(shape, resource, own[0]))
          ? 'charged-for-no-entry'
          : undefined,
      });
    }
  }
  if (at !== records.length) {
    throw new Error(`the stream of ${table} has ${records.length} records where ${at} were expected`);
  }
  return { table, indexes: indexes.length, compared, comparedResources, disagreements, classes };
}

/** Whether an index holds the item neither before nor after, though each key attribute is there before or after. */
function hadNoEntry(shape: TableShape, resource: string, record: DynamoDBRecord | undefined): boolean {
  const index = shape.indexes.find(({ name }) => `${shape.table}/${name}` === resource);
  const { OldImage: before, NewImage: after } = record?.dynamodb ?? {};
  if (index === undefined || before === undefined || after === undefined) return false;
  if (entryOf(index, before as Item) !== undefined || entryOf(index, after as Item) !== undefined)
    return false;
  return [...index.partitionKey, ...index.sortKey].every(({ name }) => name in before || name in after);
}

function estimatedUnits(record: DynamoDBRecord, readings: Readings): Units {
  const result = estimate(record, readings);
  if (result.kind !== 'cost') throw new Error(`no cost: ${JSON.stringify(result)}`);
  return sumOf(result.cost.costs.map(({ resource, units }) => ({ [resource]: units })));
}

function sumOf(all: readonly Units[]): Units {
  const sum: Record<string, number> = {};
  for (const [resource, units] of all.flatMap(Object.entries<number>)) {
    sum[resource] = (sum[resource] ?? 0) + units;
  }
  return sum;
}

function total(units: Units): number {
  return Object.values(units).reduce((sum, one) => sum + one, 0);
}

function isLast({ dynamodb }: DynamoDBRecord): boolean {
  return dynamodb?.Keys?.['pk']?.S === lastKey;
}
