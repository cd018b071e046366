import { isAt } from '../difference';
import { isStateful } from '../plan-graph';
import { type FieldRule, WITHOUT_STATE } from './rule';

/** TUMBLE, HOP, CUMULATE, SESSION. */
export const windowSize: FieldRule = {
  code: 'window-size',
  verdict: 'incompatible',
  help: 'another size or kind of time windows: the open windows of the state begin and end elsewhere',
  way: WITHOUT_STATE,
  judge: ({ difference, wanted, graph }) =>
    isAt(difference, 'windowing', 'window') && (isStateful(wanted) || graph.hasStateAfter(wanted))
      ? 'its time windows change, and the state holds windows of the old ones'
      : undefined,
};
