import type { FunctionDeclarations } from '../functions';
import type { Difference } from '../difference';
import type { PlanGraph, PlanNode } from '../plan-graph';

/** May the state of the job that runs be carried into the new release. */
export type RuleVerdict = 'compatible' | 'incompatible';

/** What a rule is to a person. Its code stays the same for good. */
export interface Rule {
  readonly code: string;
  readonly verdict: RuleVerdict;
  /** One line: which change it is, and why its verdict is so. */
  readonly help: string;
  /** One line: what to do about it. */
  readonly way: string;
}

/** One field in which a node differs from the node in its place. */
export interface FieldChange {
  readonly deployed: PlanNode;
  readonly wanted: PlanNode;
  readonly difference: Difference;
  /** All fields in which the two nodes differ. */
  readonly differences: readonly Difference[];
  /** The plan that is wanted; the deployed one has the same shape. */
  readonly graph: PlanGraph;
  readonly functions: FunctionDeclarations;
}

/** Judges fields of nodes. Pure. */
export interface FieldRule extends Rule {
  /** Why, for this change; undefined where the rule is not about it. */
  judge(change: FieldChange): string | undefined;
}

/** What every incompatible change leaves: the usage is read again, or by a second application. */
export const WITHOUT_STATE =
  'replay or handover: the new release begins without state and reads a window back';
/** What compatible changes need. */
export const WITH_STATE = 'restart: the state is carried';
