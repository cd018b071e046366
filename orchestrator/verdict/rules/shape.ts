import { type Rule, WITHOUT_STATE } from './rule';

/**
 * Flink names the state of a node by the node's place in the whole job, so that a node more or less renames others too.
 * These four are found by compare-shapes.ts; a detection's own nodes are not told one by one.
 */
export const detectionAdded: Rule = {
  code: 'detection-added',
  verdict: 'incompatible',
  help: 'a further detection: it has no state yet, and moves the places under which the others find theirs',
  way: WITHOUT_STATE,
};
export const detectionRemoved: Rule = {
  code: 'detection-removed',
  verdict: 'incompatible',
  help: 'a detection less: Flink refuses state that nothing takes, and the others find theirs in other places',
  way: WITHOUT_STATE,
};
export const nodeAdded: Rule = {
  code: 'node-added',
  verdict: 'incompatible',
  help: 'a further step of a query (deduplication, LAG, a filter of its own): it has no state, or moves that of others',
  way: WITHOUT_STATE,
};
export const nodeRemoved: Rule = {
  code: 'node-removed',
  verdict: 'incompatible',
  help: 'a step of a query less: its state has no place any more, or that of others moves',
  way: WITHOUT_STATE,
};
