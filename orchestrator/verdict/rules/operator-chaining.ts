import { WITHOUT_STATE } from './rule';
import type { SetRule } from './set-rule';

const KEY = 'pipeline.operator-chaining.enabled';

export const operatorChaining: SetRule = {
  code: 'operator-chaining',
  verdict: 'incompatible',
  help: 'chaining on or off: Flink names state by the chains too, and does not find it again',
  way: WITHOUT_STATE,
  keys: [KEY],
  judge: (before, now) =>
    (before.get(KEY) ?? 'true') === (now.get(KEY) ?? 'true')
      ? undefined
      : 'operators are chained otherwise, and Flink finds state by their chains',
};
