import { resolve } from 'node:path';
import { billingCaseNames, readBillingCase } from '../../../orchestrator/billing/cases/billing-case';
import { runBillingCase } from '../../../orchestrator/billing/cases/run-billing-case';
import {
  listBillingDefinitions,
  readBillingDefinition,
} from '../../../orchestrator/billing/definition/read-billing-definition';
import { startTrino, type Trino } from '../../../orchestrator/billing/engine/trino-engine';

const root = resolve(__dirname, '../../../athena-sql');
const cases = listBillingDefinitions(root).flatMap((name) =>
  billingCaseNames(root, name, undefined).map((each) => [name, each] as const),
);

let trino: Trino;

beforeAll(async () => {
  trino = await startTrino(resolve(__dirname, '../../../.spillway'));
});

afterAll(() => trino.close());

test('every definition has a case', () => {
  expect([...new Set(cases.map(([name]) => name))]).toEqual(listBillingDefinitions(root));
});

test.each(cases)('%s/%s comes out as it expects, on DuckDB and on Trino', async (name, each) => {
  const one = readBillingCase(root, readBillingDefinition(root, name), each);
  const here = await runBillingCase(one);
  const there = await runBillingCase(one, trino);
  expect([here.error, there.error]).toEqual([undefined, undefined]);
  expect(here.rows).toEqual(there.rows);
  expect([here.difference, there.difference]).toEqual([undefined, undefined]);
});
