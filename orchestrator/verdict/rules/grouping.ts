import { isAt } from '../difference';
import { isStateful } from '../plan-graph';
import { type FieldRule, WITHOUT_STATE } from './rule';

const PLACES = [
  ['grouping'],
  ['overSpec', 'partition'],
  ['functionCall', 'operands', '*', 'partitionKeys'],
  ['functionCall', 'operands', '*', 'orderKeys'],
  ['inputProperties', '*', 'requiredDistribution'],
];

export const grouping: FieldRule = {
  code: 'grouping',
  verdict: 'incompatible',
  help: 'other columns by which rows are grouped: the state lies under the keys of the old ones',
  way: WITHOUT_STATE,
  judge: ({ difference, wanted, graph }) =>
    PLACES.some((place) => isAt(difference, ...place)) && (isStateful(wanted) || graph.hasStateAfter(wanted))
      ? 'rows are grouped by other columns, and the state lies under the keys of the old ones'
      : undefined,
};
