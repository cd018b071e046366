import { type FieldRule, WITH_STATE } from './rule';
import { optionOf } from './source-stream';

const OPTIONS = [
  'format',
  'sink.batch.max-size',
  'sink.fail-on-error',
  'sink.flush-buffer.size',
  'sink.flush-buffer.timeout',
  'sink.http-client.max-concurrency',
  'sink.http-client.protocol.version',
  'sink.http-client.read-timeout',
  'sink.partitioner',
  'sink.partitioner-field-delimiter',
  'sink.requests.max-buffered',
  'sink.requests.max-inflight',
];

/** Batches, partition keys and the JSON of what is written. Not `sink.parallelism`, which changes the job's shape. */
export const sinkOptions: FieldRule = {
  code: 'sink-options',
  verdict: 'compatible',
  help: 'how rows are batched, spread and encoded when they are written: no state was built with it',
  way: WITH_STATE,
  judge: ({ difference }) => {
    const option = optionOf(difference, 'dynamicTableSink') ?? '';
    return OPTIONS.includes(option) || option.startsWith('json.')
      ? 'it only decides how rows are written from now on'
      : undefined;
  },
};
