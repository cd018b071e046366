import type { CompiledPlan } from '../release/compile-plan';
import type { DefinitionFault } from '../user-fault';
import { type Problem } from '../user-fault';

/** Nodes whose state nothing but a time to live ends (Flink's names of them in a compiled plan). */
const UNENDING: Readonly<Record<string, string>> = {
  'stream-exec-join': 'a join of two streams without a time bound',
  'stream-exec-group-aggregate': 'a GROUP BY without a window',
  'stream-exec-global-group-aggregate': 'a GROUP BY without a window',
  'stream-exec-incremental-group-aggregate': 'a GROUP BY without a window',
  'stream-exec-deduplicate': 'the first or last row of a key without a window',
  'stream-exec-rank': 'a Top-N without a window',
  'stream-exec-changelog-normalize': 'a changelog with updates',
};

/**
 * State of a compiled plan that grows without an end. A node with a time to live is all right, whichever it is: how
 * long is the definition's own matter.
 */
export function unendingState(application: string, plan: CompiledPlan): Problem[] {
  return plan.nodes.flatMap(({ type, ...node }): Problem[] => {
    const kind = Object.keys(UNENDING).find((known) => type.startsWith(`${known}_`) || type === known);
    if (kind === undefined || hasTimeToLive(node)) return [];
    const message = `the plan has ${UNENDING[kind] ?? kind}, whose state nothing ends: SET 'table.exec.state.ttl' or group by a window`;
    return [{ code: 'state-unbounded', file: application, line: 0, message }];
  });
}

/** What Flink refused when it planned, with a code of its own for queries that take back what they said. */
export function planProblems(fault: DefinitionFault): Problem[] {
  return fault.problems.map((problem) =>
    /doesn't support consuming (update|delete)/.test(problem.message)
      ? {
          ...problem,
          code: 'retracting-query',
          message: `this query takes back what it said before, and an excess cannot be taken back: group by a window, or compare within OVER. ${problem.message}`,
        }
      : problem,
  );
}

function hasTimeToLive(node: Readonly<Record<string, unknown>>): boolean {
  const states = node['state'];
  if (!Array.isArray(states)) return false;
  return states.every((state: unknown) => {
    const ttl = (state as { ttl?: unknown } | null)?.ttl;
    return typeof ttl === 'string' && !ttl.startsWith('0 ');
  });
}
