import type { DynamoDBStreamEvent } from 'aws-lambda';
import { type BatchOfUsage, usageOfBatch } from '../../lambdas/estimator/batch';
import { estimateMetrics } from '../../lambdas/estimator/metrics';
import { pack } from '../../lambdas/estimator/pack';
import { priceListOf } from '../../lambdas/estimator/price-list';
import type { Readings } from '../../lambdas/estimator/readings';
import { readSettings } from '../../lambdas/estimator/settings';
import type { IndexShape } from '../../lambdas/estimator/table-shape';
import { atMost, type BenchResult, ratio } from './bench';
import { kinesisBill } from './kinesis-bill';

const recordsPerBatch = 1_000;
const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/users/stream/2026-01-01T00:00:00.000';

/** What the estimator's own work costs beside parsing the event it is given. */
export function bench(): BenchResult {
  const cases = [1, 4].flatMap((kilobytes) => [0, 2, 5].map((indexes) => ({ kilobytes, indexes })));
  const measured = cases.map(({ kilobytes, indexes }) => {
    process.stderr.write(`estimator: ${kilobytes} KB items, ${indexes} indexes …\n`);
    const event = eventOf(kilobytes);
    const text = JSON.stringify(event);
    const readings = readingsOf(indexes);
    // Each time on a newly parsed event, as a function gets it: one read before has its texts hashed already.
    const { ratio: withParsing } = ratio(
      () => pack(usageOfBatch(parsed(text), readings).seconds).length,
      () => parsed(text).Records.length,
      31,
    );
    const packing = packingOf(usageOfBatch(event, readings));
    const cpuMicrosecondsPerChange = cpuPerChange(text, readings);
    return {
      ...{ kilobytes, indexes, ratio: Number((withParsing - 1).toPrecision(3)) },
      ...{ ...packing, cpuMicrosecondsPerChange },
    };
  });
  const ratioOf = (kilobytes: number, indexes: number): number =>
    measured.find((one) => one.kilobytes === kilobytes && one.indexes === indexes)?.ratio ?? NaN;
  process.stderr.write('estimator: a million records …\n');
  const memory = memoryOverAMillion();
  const unit = '× JSON.parse of the event';
  return {
    bench: 'estimator',
    aims: [
      atMost('1 KB items without indexes', 0.5, ratioOf(1, 0), unit),
      atMost('4 KB items with 5 indexes', 1, ratioOf(4, 5), unit),
      atMost('heap after a million records, to that after 100,000', 1.1, memory.ratio, '×'),
    ],
    details: {
      recordsPerBatch,
      subjects: 50,
      updates: 'one short attribute of seven changes',
      cases: measured,
      memory,
      bill: kinesisBill(measured.filter(({ kilobytes }) => kilobytes === 1)),
    },
  };
}

/** Of this process, garbage collection included, for parsing the event and all of the estimator's own work. */
function cpuPerChange(text: string, readings: Readings): number {
  const batches = 200;
  const before = process.cpuUsage();
  for (let batch = 0; batch < batches; batch++) pack(usageOfBatch(parsed(text), readings).seconds);
  const { user, system } = process.cpuUsage(before);
  return Number(((user + system) / batches / recordsPerBatch).toPrecision(3));
}

interface Packing {
  /** Of the lines that make metrics of a batch. */
  readonly metricBytesPerBatch: number;
  readonly usageBytesPerChange: number;
  readonly usageRecordsPerBatch: number;
  readonly entriesPerBatch: number;
  /** Were each entry of each change a record of its own. */
  readonly unpackedBytesPerChange: number;
  readonly unpackedRecordsPerChange: number;
}

function packingOf({ seconds }: BatchOfUsage): Packing {
  const packed = pack(seconds);
  const bytes = packed.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0);
  const entries = seconds.flatMap((second) => second.entries);
  const entryRecords = pack(seconds, 1);
  const entryBytes = entryRecords.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0);
  const writes = entries.reduce((sum, entry) => sum + entry.writes, 0);
  return {
    metricBytesPerBatch: Buffer.byteLength(estimateMetrics(seconds).join('\n')),
    usageBytesPerChange: bytes / recordsPerBatch,
    usageRecordsPerBatch: packed.length,
    entriesPerBatch: entries.length,
    unpackedBytesPerChange: ((entryBytes / entryRecords.length) * writes) / recordsPerBatch,
    unpackedRecordsPerChange: writes / recordsPerBatch,
  };
}

/** Heap in use after collection, if the process may ask for one (node --expose-gc), else at its lowest lately. */
function memoryOverAMillion(): { ratio: number; megabytesAt: Record<string, number> } {
  const text = JSON.stringify(eventOf(1));
  const readings = readingsOf(5);
  const batches = 1_000_000 / recordsPerBatch;
  const megabytesAt: Record<string, number> = {};
  let lowest = Infinity;
  for (let batch = 1; batch <= batches; batch += 1) {
    pack(usageOfBatch(parsed(text), readings).seconds);
    globalThis.gc?.();
    lowest = Math.min(lowest, process.memoryUsage().heapUsed);
    if (batch % (batches / 10) === 0) {
      megabytesAt[String(batch * recordsPerBatch)] = Number((lowest / 1e6).toPrecision(4));
      lowest = Infinity;
    }
  }
  return { ratio: (megabytesAt['1000000'] ?? NaN) / (megabytesAt['100000'] ?? NaN), megabytesAt };
}

const key = (name: string): { name: string; type: 'S' } => ({ name, type: 'S' });

/** The first is changed with every update, the next two are not, the fourth holds all, the last is empty. */
const indexShapes: readonly IndexShape[] = [
  {
    name: 'by_state',
    scope: 'global',
    partitionKey: [key('state')],
    sortKey: [key('item_id')],
    projected: ['app_id', 'item_id', 'state'],
  },
  {
    name: 'by_plan',
    scope: 'global',
    partitionKey: [key('plan')],
    sortKey: [],
    projected: ['app_id', 'item_id', 'plan', 'tags'],
  },
  {
    name: 'by_plan_keys',
    scope: 'global',
    partitionKey: [key('plan'), key('app_id')],
    sortKey: [],
    projected: ['app_id', 'item_id', 'plan'],
  },
  {
    name: 'by_plan_all',
    scope: 'local',
    partitionKey: [key('app_id')],
    sortKey: [key('plan')],
    projected: 'all',
  },
  { name: 'by_flag', scope: 'global', partitionKey: [key('flag')], sortKey: [], projected: 'all' },
];

function readingsOf(indexes: number): Readings {
  const { tables } = readSettings({
    SPILLWAY_USAGE_STREAM: 'usage',
    SPILLWAY_SET_ASIDE_STREAM: 'set-aside',
    SPILLWAY_TABLES: '{"users":{"subject":"{app_id}"}}',
  });
  const settings = tables.get('users');
  if (settings === undefined) throw new Error('the settings name no table users');
  const prices = priceListOf({
    table: 'users',
    partitionKey: key('app_id'),
    sortKey: key('item_id'),
    indexes: indexShapes.slice(0, indexes),
  });
  return new Map([[streamArn, { kind: 'reading', settings, prices, hide: (text) => text }]]);
}

/** Updates of items of that size by 50 subjects within one second, as they come out of JSON. */
function eventOf(kilobytes: number): DynamoDBStreamEvent {
  const image = (i: number, state: string): Record<string, object> => ({
    app_id: { S: `app_${i % 50}` },
    item_id: { S: `item-${i}` },
    state: { S: state },
    plan: { S: `plan-${i % 3}` },
    count: { N: String(i * 37) },
    tags: { SS: ['red', 'green', 'blue'] },
    address: { M: { street: { S: 'Main Street 1' }, floor: { N: '3' }, open: { BOOL: true } } },
    text: { S: 'x'.repeat(kilobytes * 1_000 - 160) },
  });
  const Records = Array.from({ length: recordsPerBatch }, (_, i) => ({
    eventID: i.toString(16).padStart(32, '0'),
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: 1_790_000_000,
      Keys: { app_id: { S: `app_${i % 50}` }, item_id: { S: `item-${i}` } },
      NewImage: image(i, 'new'),
      OldImage: image(i, 'old'),
      SequenceNumber: String(1_000 + i),
      SizeBytes: kilobytes * 2_000,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: streamArn,
  }));
  return parsed(JSON.stringify({ Records }));
}

function parsed(text: string): DynamoDBStreamEvent {
  return JSON.parse(text) as DynamoDBStreamEvent;
}
