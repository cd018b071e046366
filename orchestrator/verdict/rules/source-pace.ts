import { type FieldRule, WITH_STATE } from './rule';
import { optionOf } from './source-stream';

const OPTIONS = [
  'source.idle-timeout',
  'source.lag-timeout',
  'source.reader.empty-records-fetch-interval',
  'source.shard.discovery.interval',
  'source.shard.get-records.max-record-count',
  'source.silence',
];

export const sourcePace: FieldRule = {
  code: 'source-pace',
  verdict: 'compatible',
  help: 'how often a source reads and how long it waits for what is silent: nothing of it is in the state',
  way: WITH_STATE,
  judge: ({ difference }) =>
    OPTIONS.includes(optionOf(difference, 'scanTableSource') ?? '')
      ? 'it only decides how the source reads and waits from now on'
      : undefined,
};
