import { isAt } from '../difference';
import { type FieldRule, WITHOUT_STATE } from './rule';

/** SUM for MAX, another column, a further aggregate, DISTINCT, FILTER. */
export const measure: FieldRule = {
  code: 'measure',
  verdict: 'incompatible',
  help: 'another aggregate, or of another column: the state holds what the old one added up',
  way: WITHOUT_STATE,
  judge: ({ difference }) =>
    isAt(difference, 'aggCalls') ||
    isAt(difference, 'aggCallNeedRetractions') ||
    isAt(difference, 'overSpec', 'groups', '*', 'aggCalls')
      ? 'its aggregates change, and the state holds what the old ones added up'
      : undefined,
};
