import type { Difference } from '../difference';
import { type FieldRule, WITHOUT_STATE } from './rule';

const OPTIONS = ['stream.arn', 'aws.region', 'aws.endpoint'];

/** An option of a source's or a sink's table that differs; undefined where it is no option. */
export function optionOf(
  { path }: Difference,
  table: 'scanTableSource' | 'dynamicTableSink',
): string | undefined {
  const place = [table, 'table', 'resolvedTable', 'options'];
  return place.every((name, index) => path[index] === name) ? path[place.length] : undefined;
}

export const sourceStream: FieldRule = {
  code: 'source-stream',
  verdict: 'incompatible',
  help: 'another stream to read: the state says how far the old one was read',
  way: WITHOUT_STATE,
  judge: ({ difference }) =>
    OPTIONS.includes(optionOf(difference, 'scanTableSource') ?? '')
      ? 'another stream is read, and the state says how far the shards of the old one were read'
      : undefined,
};
