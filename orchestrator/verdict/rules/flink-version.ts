import { type Rule, WITHOUT_STATE } from './rule';

export const flinkVersion: Rule = {
  code: 'flink-version',
  verdict: 'incompatible',
  help: 'plans of two Flink versions: the same SQL may be other nodes with other state',
  way: WITHOUT_STATE,
};
