import type { PlanVerdict } from '../plan/plan-input';
import type { CompiledPlan } from '../release/compile-plan';
import { fieldRules } from './all-rules';
import { compareShapes, sameShape } from './compare-shapes';
import { type Difference, differencesOf, isAt } from './difference';
import type { FunctionDeclarations } from './functions';
import { kindOf, PlanGraph, type PlanNode } from './plan-graph';
import { flinkVersion } from './rules/flink-version';
import type { Rule } from './rules/rule';
import { unknownChange } from './rules/unknown-change';

/**
 * Judges every difference of two plans; equal plans have none. What no rule knows is incompatible. Where nodes came or
 * went, only those are told: Flink names state by a node's place in the whole job, so that nothing can be carried.
 *
 * Not everything is in a plan: the time to live of state, parallelism, the runtime and the code of functions and
 * connectors are judged elsewhere: see judge-releases.ts.
 *
 * @param functions by the functions' names in the SQL of the wanted release, see functionsOfSql
 */
export function compareCompiledPlans(
  deployed: CompiledPlan,
  wanted: CompiledPlan,
  functions: FunctionDeclarations,
): PlanVerdict[] {
  const [before, now] = [new PlanGraph(deployed), new PlanGraph(wanted)];
  if (deployed.flinkVersion !== wanted.flinkVersion) {
    const reason = `the plan is one of Flink ${wanted.flinkVersion}, not ${deployed.flinkVersion}`;
    return [{ ...ofRule(flinkVersion, reason), node: 'the whole plan' }];
  }
  const changes = sameShape(before, now) ? changedNodes(before, now, functions) : changedShape(before, now);
  const seen = new Set<string>();
  return changes.filter(({ code, reason, detection }) => {
    // Flink splits one step of a query into several nodes; a person changed one.
    const text = JSON.stringify([code, reason, detection]);
    return seen.has(text) ? false : seen.add(text);
  });
}

function changedShape(before: PlanGraph, now: PlanGraph): PlanVerdict[] {
  const changes = compareShapes(before, now).map(({ rule, graph, node, detection }) =>
    told(rule, rule.help, graph, node, detection),
  );
  if (changes.length > 0) return changes;
  return [
    {
      ...ofRule(unknownChange, 'the same nodes stand in another order or are joined otherwise'),
      node: 'the whole plan',
    },
  ];
}

interface Judged {
  readonly rule: Rule;
  readonly reason: string;
  readonly node: PlanNode;
  readonly difference: Difference;
}

function changedNodes(before: PlanGraph, now: PlanGraph, functions: FunctionDeclarations): PlanVerdict[] {
  const judged = now.nodes.flatMap((wanted, position): Judged[] => {
    const deployed = before.nodes[position];
    if (deployed === undefined) return [];
    const differences = differencesOf(comparable(deployed), comparable(wanted));
    return differences.map((difference) => {
      const change = { deployed, wanted, difference, differences, graph: now, functions };
      for (const rule of fieldRules) {
        const reason = rule.judge(change);
        if (reason !== undefined) return { rule, reason, node: wanted, difference };
      }
      return { rule: unknownChange, reason: unknownReason(difference), node: wanted, difference };
    });
  });
  return judged
    .filter((each) => !follows(each, judged, now))
    .map(({ rule, reason, node }) => told(rule, reason, now, node));
}

/** Without what a node more or less changes in all the others. */
function comparable(node: PlanNode): object {
  return { ...node, id: 0, description: '' };
}

/** What describes the rows that a node takes and gives. */
const ROW_TYPES = ['outputType', 'localAggInputRowType', 'namedWindowProperties', 'windowing'];

/** Whether rows are others because something incompatible changed before: then that is told. */
function follows({ rule, node, difference }: Judged, all: readonly Judged[], graph: PlanGraph): boolean {
  const ofRows =
    ROW_TYPES.includes(difference.path[0] ?? '') || isAt(difference, 'overSpec', 'originalInputFields');
  if (rule !== unknownChange || !ofRows) return false;
  const before = new Set([node, ...graph.before(node)]);
  return all.some(
    (other) =>
      other.rule !== unknownChange && other.rule.verdict === 'incompatible' && before.has(other.node),
  );
}

function unknownReason({ path }: Difference): string {
  return `no rule knows what a change of its ${path.join('.')} does to the state`;
}

function told(rule: Rule, reason: string, graph: PlanGraph, node: PlanNode, detection?: string): PlanVerdict {
  const [only, ...more] = graph.detectionsOf(node);
  const name = detection ?? (more.length === 0 ? only : undefined);
  return {
    ...ofRule(rule, reason),
    node: readable(node),
    ...(name === undefined ? {} : { detection: name }),
  };
}

function ofRule({ verdict, code }: Rule, reason: string): Omit<PlanVerdict, 'node'> {
  return { verdict, code, reason };
}

const LONGEST_NODE = 200;

function readable(node: PlanNode): string {
  const description = typeof node['description'] === 'string' ? node['description'] : kindOf(node);
  return description.length <= LONGEST_NODE ? description : `${description.slice(0, LONGEST_NODE - 1)}…`;
}
