import { frameChange } from './over-frame';
import { type FieldRule, WITHOUT_STATE } from './rule';

export const overShorterBeforeState: FieldRule = {
  code: 'over-shorter-before-state',
  verdict: 'incompatible',
  help: 'a shorter OVER whose totals are remembered (LAG): what is remembered are totals of the longer one',
  way: WITHOUT_STATE,
  judge: (change) => {
    const by = frameChange(change);
    return by !== undefined && by < 0 && change.graph.hasStateAfter(change.wanted)
      ? `the OVER looks back ${-by / 1_000} s less, but a node after it remembers totals of the longer one`
      : undefined;
  },
};
