import { isAt } from '../difference';
import { kindOf } from '../plan-graph';
import { type FieldRule, WITHOUT_STATE } from './rule';

/** A filter, a column or an unnested list whose rows are added up, remembered or compared later. */
export const calcBeforeState: FieldRule = {
  code: 'calc-before-state',
  verdict: 'incompatible',
  help: 'a condition or an expression before a node with state: the state holds what the old one let through',
  way: WITHOUT_STATE,
  judge: ({ wanted, graph, difference }) => {
    if (!['calc', 'correlate', 'expand'].includes(kindOf(wanted)) || !graph.hasStateAfter(wanted))
      return undefined;
    const what = isAt(difference, 'condition') ? 'condition' : 'expression';
    return `the ${what} comes before a node with state, and that state was built with the old one`;
  },
};
