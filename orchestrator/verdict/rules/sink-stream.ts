import { type FieldRule, WITH_STATE } from './rule';
import { optionOf } from './source-stream';

const OPTIONS = ['stream.arn', 'aws.region', 'aws.endpoint'];

export const sinkStream: FieldRule = {
  code: 'sink-stream',
  verdict: 'compatible',
  help: 'another stream to write to: no state was built with it',
  way: WITH_STATE,
  judge: ({ difference }) =>
    OPTIONS.includes(optionOf(difference, 'dynamicTableSink') ?? '')
      ? 'from now on rows go to the other stream, those that wait in the state to be sent included'
      : undefined,
};
