import { frameChange } from './over-frame';
import { type FieldRule, WITH_STATE } from './rule';

export const overShorter: FieldRule = {
  code: 'over-shorter',
  verdict: 'compatible',
  help: 'a shorter OVER with no state after it: the state holds more than is needed, and the rest is taken out',
  way: WITH_STATE,
  judge: (change) => {
    const by = frameChange(change);
    return by !== undefined && by < 0 && !change.graph.hasStateAfter(change.wanted)
      ? `the OVER looks back ${-by / 1_000} s less: what its state holds beyond that is taken out`
      : undefined;
  },
};
