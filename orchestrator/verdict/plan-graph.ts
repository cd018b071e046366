import type { CompiledPlan } from '../release/compile-plan';
import { isRecord } from './difference';

export type PlanNode = CompiledPlan['nodes'][number];

/**
 * Node types that keep nothing from one row to the next in a savepoint; local aggregates hand on what they hold before
 * each. Every type that is not here is taken to have state. A table function over windows has none for the windows that
 * are a function of the row's time, and those of sessions are another type of plan node.
 */
const STATELESS = new Set([
  'calc',
  'correlate',
  'drop-update-before',
  'exchange',
  'expand',
  'local-window-aggregate',
  'union',
  'window-table-function',
]);

/** `over-aggregate` for `stream-exec-over-aggregate_1`. */
export function kindOf({ type }: PlanNode): string {
  return type.replace(/^stream-exec-/, '').replace(/_\d+$/, '');
}

/** A compiled plan as nodes that know what comes before and after them. Positions count from 0 in the plan's order. */
export class PlanGraph {
  readonly nodes: readonly PlanNode[];
  /** By position: the positions of the nodes before it, in the order of its inputs. */
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
  private readonly places: ReadonlyMap<PlanNode, number>;

  constructor(plan: CompiledPlan) {
    this.nodes = plan.nodes;
    this.places = new Map(plan.nodes.map((node, position) => [node, position]));
    const positions = new Map(plan.nodes.map(({ id }, position) => [id, position]));
    const inputs: number[][] = plan.nodes.map(() => []);
    const outputs: number[][] = plan.nodes.map(() => []);
    for (const { source, target } of plan.edges) {
      const [from, to] = [positions.get(source), positions.get(target)];
      if (from === undefined || to === undefined) throw new Error(`edge ${source} to ${target} has no nodes`);
      inputs[to]?.push(from);
      outputs[from]?.push(to);
    }
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** The nodes that read this one's rows. */
  readers(node: PlanNode): PlanNode[] {
    return this.at(this.outputs[this.placeOf(node)] ?? []);
  }

  /** All nodes that this one's rows reach. */
  after(node: PlanNode): PlanNode[] {
    return this.at(reached(this.outputs, this.placeOf(node)));
  }

  /** All nodes whose rows reach this one. */
  before(node: PlanNode): PlanNode[] {
    return this.at(reached(this.inputs, this.placeOf(node)));
  }

  /**
   * Whether something after the node remembers what the node put out. A sink does not count: what it still holds in a
   * savepoint are rows that are done and wait to be sent.
   */
  hasStateAfter(node: PlanNode): boolean {
    return this.after(node).some((later) => isStateful(later));
  }

  /** The names of the detections that the node works for: the text that stands in the sink's column `detection`. */
  detectionsOf(node: PlanNode): string[] {
    const writers = [node, ...this.after(node)].filter((each) => this.writesInto(each).length > 0);
    return [...new Set(writers.flatMap((writer) => detectionIn(writer, this.writesInto(writer)) ?? []))];
  }

  /** The sinks that take the node's rows as they are. */
  private writesInto(node: PlanNode): PlanNode[] {
    if (kindOf(node) !== 'calc') return [];
    const through = (each: PlanNode): PlanNode[] =>
      kindOf(each) === 'sink' ? [each] : kindOf(each) === 'union' ? this.readers(each).flatMap(through) : [];
    return this.readers(node).flatMap(through);
  }

  private placeOf(node: PlanNode): number {
    const place = this.places.get(node);
    if (place === undefined) throw new Error(`node ${node.id} is of another plan`);
    return place;
  }

  private at(positions: Iterable<number>): PlanNode[] {
    return [...positions].flatMap((position) => this.nodes[position] ?? []);
  }
}

/** Whether a savepoint holds something of the node that comes of the rows before it. */
export function isStateful(node: PlanNode): boolean {
  // A sink that only takes rows that stay as they are keeps none of them to correct later ones.
  if (kindOf(node) === 'sink') return String(node['inputChangelogMode']) !== 'INSERT';
  return !STATELESS.has(kindOf(node));
}

function reached(edges: readonly (readonly number[])[], from: number): Set<number> {
  const seen = new Set<number>();
  const open = [...(edges[from] ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(edges[next] ?? []));
  }
  return seen;
}

/** The literal, within casts, that the node puts into the sinks' column `detection`. */
function detectionIn(writer: PlanNode, sinks: readonly PlanNode[]): string | undefined {
  const projection = writer['projection'];
  if (!Array.isArray(projection)) return undefined;
  for (const sink of sinks) {
    let value: unknown = (projection as readonly unknown[])[columnsOf(sink).indexOf('detection')];
    while (isRecord(value) && value['internalName'] === '$CAST$1' && Array.isArray(value['operands'])) {
      value = (value['operands'] as readonly unknown[])[0];
    }
    if (isRecord(value) && value['kind'] === 'LITERAL' && typeof value['value'] === 'string')
      return value['value'];
  }
  return undefined;
}

/** The names of a sink's columns. */
function columnsOf(sink: PlanNode): unknown[] {
  const columns = memberOf(sink, 'dynamicTableSink', 'table', 'resolvedTable', 'schema', 'columns');
  return Array.isArray(columns) ? columns.map((column: unknown) => memberOf(column, 'name')) : [];
}

/** What stands at a place inside a node; undefined where there is none. */
export function memberOf(value: unknown, ...place: readonly string[]): unknown {
  return place.reduce<unknown>((inner, name) => {
    if (Array.isArray(inner)) return (inner as readonly unknown[])[Number(name)];
    return isRecord(inner) ? inner[name] : undefined;
  }, value);
}
