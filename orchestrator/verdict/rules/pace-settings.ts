import { WITH_STATE } from './rule';
import type { SetRule } from './set-rule';

const KEYS = [
  'pipeline.auto-watermark-interval',
  'pipeline.object-reuse',
  'table.exec.async-lookup.buffer-capacity',
  'table.exec.async-lookup.timeout',
];

export const paceSettings: SetRule = {
  code: 'pace-settings',
  verdict: 'compatible',
  help: 'how often watermarks are told, whether rows are copied, how long lookups wait: nothing of it is in the state',
  way: WITH_STATE,
  keys: KEYS,
  judge: (before, now) => {
    const changed = KEYS.filter((key) => before.get(key) !== now.get(key));
    return changed.length === 0 ? undefined : `nothing of ${changed.join(', ')} is in the state`;
  },
};
