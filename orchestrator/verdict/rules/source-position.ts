import { type FieldRule, WITH_STATE } from './rule';
import { optionOf } from './source-stream';

export const sourcePosition: FieldRule = {
  code: 'source-position',
  verdict: 'compatible',
  help: 'where a source begins: only a job without state asks; one with state goes on where it was',
  way: WITH_STATE,
  judge: ({ difference }) =>
    optionOf(difference, 'scanTableSource')?.startsWith('source.init.') === true
      ? 'only a job without state begins there; one with state goes on where it was, new shards included'
      : undefined,
};
