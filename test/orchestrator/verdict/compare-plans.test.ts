import { join, resolve } from 'node:path';
import { workFolder } from '../../../infra/local/processes/work-folder';
import { parameterValues } from '../../../orchestrator/definition/parameter-values';
import { readDefinition } from '../../../orchestrator/definition/read-definition';
import type { PlannedRelease } from '../../../orchestrator/plan/compare-releases';
import type { PlanVerdict } from '../../../orchestrator/plan/plan-input';
import { compilePlan, renderSql } from '../../../orchestrator/release/compile-plan';
import { functionArguments } from '../../../orchestrator/release/function-arguments';
import { compareCompiledPlans } from '../../../orchestrator/verdict/compare-plans';
import { compareSets, setsOfSql } from '../../../orchestrator/verdict/compare-sets';
import type { FunctionDeclarations } from '../../../orchestrator/verdict/functions';
import { judgeReleases } from '../../../orchestrator/verdict/judge-releases';
import { environment } from '../environment';
import { Releases } from './releases';
import { allTogether, planSituations, setSituations, together } from './situations';

const functions: FunctionDeclarations = new Map([
  ['SLIDING_HEAT', { state: ['entries', 'window', 'resource', 'key', 'subject'], output: ['unit_limit'] }],
]);
const isFull = process.env['SPILLWAY_FULL'] === '1';
/** Each pair of plans takes some seconds to compile the first time. */
const inQuick = ['watermark', 'function-argument-state', 'function-uid', 'detection-added', 'node-removed'];
const tried = planSituations.filter(({ code }) => isFull || inQuick.includes(code));
const all = allTogether();
const releases = new Releases({
  'all-deployed': all.deployed,
  'all-wanted': all.wanted,
  ...Object.fromEntries(
    planSituations.flatMap(({ name, deployed, wanted }) => [
      [releaseName('deployed', name), deployed],
      [releaseName('wanted', name), wanted],
    ]),
  ),
});

afterAll(() => releases.remove());

function releaseName(which: string, situation: string): string {
  return `${which}-${situation.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
}

async function compared(deployed: string, wanted: string, declared = functions): Promise<PlanVerdict[]> {
  // Two JVMs at a time.
  const [before, now] = await Promise.all([releases.plan(deployed), releases.plan(wanted)]);
  return compareCompiledPlans(before, now, declared);
}

const codesOf = (verdicts: readonly PlanVerdict[]): string[] =>
  [...new Set(verdicts.map(({ verdict, code }) => `${verdict} ${code}`))].sort();

test('each changed detection of a job is judged for itself, and its node can be read', async () => {
  const verdicts = await compared('all-deployed', 'all-wanted');
  for (const [name, { verdict, code }] of Object.entries(together)) {
    const of = verdicts.filter(({ detection }) => detection === name);
    // A shorter OVER comes with a lower limit here.
    const beside = code === 'over-shorter' ? ['compatible output-only'] : [];
    expect([name, codesOf(of)]).toEqual([name, [...beside, `${verdict} ${code}`]]);
  }
  expect(verdicts.filter(({ detection }) => detection === undefined)).toEqual([]);
  expect(verdicts.find(({ code }) => code === 'over-longer')).toMatchObject({
    reason: 'the OVER looks back 5 s more, and the rows of that time are not in its state any more',
    node: expect.stringMatching(/^OverAggregate\(partitionBy=\[k\], .*9000 PRECEDING/) as string,
    detection: 'longer-over',
  });
}, 120_000);

test.each(tried.map((each) => [each.name, each] as const))(
  '%s',
  async (name, { verdict, code }) => {
    const verdicts = await compared(releaseName('deployed', name), releaseName('wanted', name));
    expect(codesOf(verdicts)).toContain(`${verdict} ${code}`);
    if (verdict === 'compatible')
      expect(codesOf(verdicts)).not.toContain(expect.stringContaining('incompatible'));
    expect(verdicts.filter((each) => each.code === 'unknown-change')).toEqual([]);
  },
  120_000,
);

test('equal plans have no verdict', async () => {
  expect(await compared('all-deployed', 'all-deployed')).toEqual([]);
});

const set = (key: string, value: string): ReadonlyMap<string, string> =>
  setsOfSql(`SET '${key}' = '${value}';`);

test.each(setSituations.map((each) => [each.name, each] as const))(
  'SET: %s',
  (_, { verdict, code, deployed, wanted }) => {
    // As the runner renders them: one on a line.
    const sets = (sql: string): ReadonlyMap<string, string> => setsOfSql(sql.replaceAll('; ', ';\n'));
    expect(codesOf(compareSets(sets(deployed.settings ?? ''), sets(wanted.settings ?? '')))).toEqual([
      `${verdict} ${code}`,
    ]);
  },
);

test('a SET that no rule knows is incompatible, and one that the plan shows is judged there', () => {
  expect(codesOf(compareSets(new Map(), set('pipeline.generic-types', 'false')))).toEqual([
    'incompatible unknown-change',
  ]);
  expect(codesOf(compareSets(set('table.exec.state.ttl', '1 fortnight'), new Map()))).toEqual([
    'incompatible state-ttl-longer',
  ]);
  expect(compareSets(new Map(), set('table.optimizer.agg-phase-strategy', 'ONE_PHASE'))).toEqual([]);
});

test('an argument or a column that its function does not declare is one of the state', async () => {
  const window = releaseName('deployed', "a table function's window");
  const wanted = releaseName('wanted', "a table function's window");
  expect(codesOf(await compared(window, wanted, new Map()))).toEqual([
    'incompatible function-argument-undeclared',
  ]);
  const limit = await compared('all-deployed', 'all-wanted', new Map());
  expect(codesOf(limit.filter(({ detection }) => detection === 'limit-of-a-function'))).toEqual([
    'incompatible calc-before-state',
  ]);
});

test('what no rule knows is incompatible, and plans of two Flink versions are not compared', async () => {
  const plan = await releases.plan('all-deployed');
  const nodes = plan.nodes.map((node) =>
    node.type.includes('over-aggregate') ? { ...node, unboundedOverVersion: 1 } : node,
  );
  const unknown = compareCompiledPlans(plan, { ...plan, nodes }, functions);
  expect(codesOf(unknown)).toEqual(['incompatible unknown-change']);
  expect(unknown[0]?.reason).toBe(
    'no rule knows what a change of its unboundedOverVersion does to the state',
  );
  expect(codesOf(compareCompiledPlans(plan, { ...plan, flinkVersion: '2.3' }, functions))).toEqual([
    'incompatible flink-version',
  ]);
  const edges = plan.edges.map((edge, index) => (index === 3 ? { ...edge, source: edge.source - 1 } : edge));
  expect(codesOf(compareCompiledPlans(plan, { ...plan, edges }, functions))).toEqual([
    'incompatible unknown-change',
  ]);
});

test('throttle: other limits, a share and a cutover are compatible, another window or delay is not', async () => {
  const definition = readDefinition(resolve(__dirname, '../../../flink-sql'), 'throttle');
  const runnerJar = join(workFolder, 'runner', 'spillway-runner.jar');
  const release = async (given: Readonly<Record<string, string>>): Promise<PlannedRelease> => {
    const values = parameterValues(definition, environment(), new Map(Object.entries(given)));
    const options = { workFolder, runnerJar };
    const [plan, sql] = await Promise.all([
      compilePlan(definition, values, options),
      renderSql(definition, values, options),
    ]);
    return { plan, sql };
  };
  const judge = judgeReleases(functionArguments(runnerJar));
  const deployed = await release({});
  const output = { limit: '50000', burst_limit: '20000', share: '20', cutover: '1800000000' };
  expect(codesOf(judge(deployed, await release(output)))).toEqual([
    'compatible function-argument-output',
    'compatible output-only',
  ]);
  expect(codesOf(judge(deployed, await release({ window: '5m', delay: '8s' })))).toEqual([
    'incompatible function-argument-state',
    'incompatible watermark',
  ]);
}, 120_000);
