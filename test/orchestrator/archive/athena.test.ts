import { resolve } from 'node:path';
import { z } from 'zod';
import { athena, type Athena } from '../../../orchestrator/archive/athena';
import { readBillingDefinition } from '../../../orchestrator/billing/definition/read-billing-definition';
import { athenaEngine } from '../../../orchestrator/billing/engine/athena-engine';
import { prepareStatement } from '../../../orchestrator/billing/prepared-statement';
import { type AthenaStandIn, startAthena, type StandInResult } from './athena-stand-in';

const place = { region: 'us-east-1', workgroup: 'spillway-test', database: 'spillway_test' };
const root = resolve(__dirname, '../../../athena-sql');

let standIn: AthenaStandIn;
let opened: Athena;
let result: StandInResult;

beforeEach(async () => {
  standIn = await startAthena(() => result);
  opened = athena(place, standIn.environment);
});

afterEach(async () => {
  opened.close();
  await standIn.close();
});

const units: StandInResult = {
  states: ['QUEUED', 'RUNNING', 'SUCCEEDED'],
  scanned: 12_345_678,
  columns: [
    ['subject', 'varchar'],
    ['units', 'bigint'],
  ],
  rows: [
    ['app_1', '9223372036854775807'],
    ['', '5'],
    ['app_3', null],
  ],
};

test('a query is asked in the workgroup, waited for, and read page by page with whole numbers exact', async () => {
  result = units;
  const row = z.object({ subject: z.string(), units: z.union([z.number(), z.bigint(), z.null()]) });
  expect(await opened.query('SELECT subject, units FROM usage', row)).toEqual({
    rows: [
      { subject: 'app_1', units: 9223372036854775807n },
      { subject: '', units: 5 },
      { subject: 'app_3', units: null },
    ],
    bytesScanned: 12_345_678,
  });
  expect(standIn.calls[0]).toEqual({
    operation: 'StartQueryExecution',
    input: expect.objectContaining({
      QueryString: 'SELECT subject, units FROM usage',
      WorkGroup: 'spillway-test',
      QueryExecutionContext: { Database: 'spillway_test' },
    }) as object,
  });
});

test('an answer without rows has its columns, and what was scanned adds up', async () => {
  result = { ...units, rows: [] };
  const engine = athenaEngine(opened, () => Promise.resolve([]));
  expect(await engine.query('SELECT 1')).toEqual({ columns: ['subject', 'units'], rows: [] });
  await engine.query('SELECT 1');
  expect(engine.bytesCharged()).toBe(24_691_356);
});

test('a query that the workgroup’s limit cancels says so', async () => {
  result = { states: ['CANCELLED'], reason: 'Bytes scanned limit was exceeded' };
  await expect(athenaEngine(opened, () => Promise.resolve([])).query('SELECT 1')).rejects.toThrow(
    'in the workgroup spillway-test was cancelled: Bytes scanned limit was exceeded',
  );
});

test('only the objects of the hours are a run’s', async () => {
  const object = (day: string, hour: string): { key: string; bytes: number; etag: string } => ({
    key: `usage/day=${day}/hour=${hour}/a.parquet`,
    bytes: 1,
    etag: 'e',
  });
  const all = [
    object('2026-09-30', '22'),
    object('2026-09-30', '23'),
    object('2026-11-02', '23'),
    object('2026-11-03', '00'),
  ];
  const engine = athenaEngine(opened, () => Promise.resolve(all));
  const [fromSecond, toSecond] = ['2026-09-30T23:00:00Z', '2026-11-03T00:00:00Z'].map(
    (text) => Date.parse(text) / 1000,
  );
  expect(await engine.objects({ fromSecond: fromSecond ?? 0, toSecond: toSecond ?? 0 })).toEqual(
    all.slice(1, 3),
  );
});

test('a version becomes a prepared statement; where it reads more than usage, none', async () => {
  const charge = readBillingDefinition(root, 'tiered-charge');
  expect(await prepareStatement(opened, charge, 3)).toBe('spillway_tiered_charge_v3');
  expect(await prepareStatement(opened, charge, 3)).toBe('spillway_tiered_charge_v3');
  expect(standIn.calls.map(({ operation }) => operation)).toEqual([
    'UpdatePreparedStatement',
    'CreatePreparedStatement',
    'UpdatePreparedStatement',
  ]);
  const text = String(standIn.calls[1]?.input['QueryStatement']);
  expect(text.match(/\?/g)).toHaveLength(12);
  expect(await prepareStatement(opened, readBillingDefinition(root, 'reconciliation'), 1)).toBeUndefined();
});
