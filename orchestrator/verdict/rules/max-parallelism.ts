import { WITHOUT_STATE } from './rule';
import type { SetRule } from './set-rule';

const KEY = 'pipeline.max-parallelism';
/** What Flink takes for up to 85 tasks. */
const DEFAULT = '128';

/** One that is not SET any more follows the state's. */
export const maxParallelism: SetRule = {
  code: 'max-parallelism-set',
  verdict: 'incompatible',
  help: 'another SET pipeline.max-parallelism: the state is cut into another number of parts, and Flink refuses it',
  way: WITHOUT_STATE,
  keys: [KEY],
  judge: (deployed, wanted) => {
    const [before, now] = [deployed.get(KEY) ?? DEFAULT, wanted.get(KEY)];
    return now === undefined || now === before ? undefined : `the state has ${before} parts, not ${now}`;
  },
};
