import { kindOf } from '../plan-graph';
import { type FieldRule, WITH_STATE } from './rule';

const WITHOUT_STATE_KINDS = ['calc', 'correlate', 'exchange', 'union'];

/** The limit, the cutover, the generation, a column that is only put out. */
export const outputOnly: FieldRule = {
  code: 'output-only',
  verdict: 'compatible',
  help: 'what comes after the last node with state only decides what is put out: no state was built with it',
  way: WITH_STATE,
  judge: ({ wanted, graph }) =>
    WITHOUT_STATE_KINDS.includes(kindOf(wanted)) && !graph.hasStateAfter(wanted)
      ? 'it comes after the last node with state, so that it only decides what is put out from now on'
      : undefined,
};
