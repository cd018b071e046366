import { isStateful, kindOf, type PlanGraph, type PlanNode } from './plan-graph';
import { detectionAdded, detectionRemoved, nodeAdded, nodeRemoved } from './rules/shape';
import type { Rule } from './rules/rule';

/** Something that only one of two plans has. */
export interface ShapeChange {
  readonly rule: Rule;
  readonly graph: PlanGraph;
  readonly node: PlanNode;
  readonly detection?: string | undefined;
}

/**
 * Whether both have nodes of the same types in the same order, joined in the same way. Flink finds a node's state by
 * just that, so that nodes in the same place take each other's state, whatever they are about.
 */
export function sameShape(deployed: PlanGraph, wanted: PlanGraph): boolean {
  return shapeOf(deployed) === shapeOf(wanted);
}

function shapeOf({ nodes, inputs }: PlanGraph): string {
  return JSON.stringify([nodes.map(({ type }) => type), inputs]);
}

/** What only one of them has: whole detections, and beside them single nodes. Empty where only the joins differ. */
export function compareShapes(deployed: PlanGraph, wanted: PlanGraph): ShapeChange[] {
  const [before, now] = [detections(deployed), detections(wanted)];
  const added = [...now].filter(([name]) => !before.has(name));
  const removed = [...before].filter(([name]) => !now.has(name));
  const whole = (rule: Rule, graph: PlanGraph, list: [string, PlanNode][]): ShapeChange[] =>
    list.map(([detection, node]) => ({ rule, graph, node, detection }));
  const changes = [
    ...whole(detectionAdded, wanted, added),
    ...whole(detectionRemoved, deployed, removed),
    ...singleNodes(deployed, wanted, names(removed), names(added)),
  ];
  // Where detections come or go, so do the nodes that join them.
  const joins = ['exchange', 'sink', 'union'];
  const onlyJoins = ({ node, detection }: ShapeChange): boolean =>
    added.length + removed.length > 0 && detection === undefined && joins.includes(kindOf(node));
  const last = ({ node }: ShapeChange): number => (isStateful(node) ? 0 : 1);
  return changes.filter((each) => !onlyJoins(each)).sort((a, b) => last(a) - last(b));
}

/** Each detection with the last node before its sink. */
function detections(graph: PlanGraph): Map<string, PlanNode> {
  return new Map(
    graph.nodes.flatMap((node) => graph.detectionsOf(node).map((name): [string, PlanNode] => [name, node])),
  );
}

function names(list: readonly [string, PlanNode][]): string[] {
  return list.map(([name]) => name);
}

function singleNodes(
  deployed: PlanGraph,
  wanted: PlanGraph,
  removed: readonly string[],
  added: readonly string[],
): ShapeChange[] {
  const before = nodesBeside(deployed, removed);
  const now = nodesBeside(wanted, added);
  const pairs = aligned(before, now);
  const [keptBefore, keptNow] = [new Set(pairs.map(([a]) => a)), new Set(pairs.map(([, b]) => b))];
  const of = (rule: Rule, graph: PlanGraph, node: PlanNode): ShapeChange => {
    const [detection, ...more] = graph.detectionsOf(node);
    return { rule, graph, node, detection: more.length === 0 ? detection : undefined };
  };
  return [
    ...now.filter((node) => !keptNow.has(node)).map((node) => of(nodeAdded, wanted, node)),
    ...before.filter((node) => !keptBefore.has(node)).map((node) => of(nodeRemoved, deployed, node)),
  ];
}

/** The nodes that do not work for these detections only. */
function nodesBeside(graph: PlanGraph, without: readonly string[]): PlanNode[] {
  return graph.nodes.filter((node) => {
    const of = graph.detectionsOf(node);
    return of.length === 0 || of.some((name) => !without.includes(name));
  });
}

/** The longest way to pair the nodes of both in order, equal ones rather than those of the same type only. */
function aligned(before: readonly PlanNode[], now: readonly PlanNode[]): [PlanNode, PlanNode][] {
  const score = (a: PlanNode, b: PlanNode): number =>
    a.type !== b.type ? 0 : a['description'] === b['description'] ? 3 : 2;
  const best = Array.from({ length: before.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0;
  for (const [i, a] of [...before.entries()].reverse()) {
    for (const [j, b] of [...now.entries()].reverse()) {
      const row = best[i];
      const paired = score(a, b);
      if (row !== undefined)
        row[j] = Math.max(at(i + 1, j), at(i, j + 1), paired > 0 ? paired + at(i + 1, j + 1) : 0);
    }
  }
  const pairs: [PlanNode, PlanNode][] = [];
  for (let [i, j] = [0, 0]; i < before.length && j < now.length;) {
    const [a, b] = [before[i], now[j]];
    if (a === undefined || b === undefined) break;
    const paired = score(a, b);
    if (paired > 0 && at(i, j) === paired + at(i + 1, j + 1)) {
      pairs.push([a, b]);
      [i, j] = [i + 1, j + 1];
    } else if (at(i, j) === at(i + 1, j)) i += 1;
    else j += 1;
  }
  return pairs;
}
