const beforeTable = ':table/';
const beforeLabel = '/stream/';

/** The table's name in `arn:aws:dynamodb:<region>:<account>:table/<table>/stream/<label>`; undefined where none is. */
export function streamTable(arn: string): string | undefined {
  const start = arn.indexOf(beforeTable);
  if (start < 0) return undefined;
  const from = start + beforeTable.length;
  const to = arn.indexOf('/', from);
  return arn.slice(from, to < 0 ? undefined : to) || undefined;
}

/** The time at which the stream was enabled, `2026-11-24T00:00:00.000`: it tells a table's streams apart. */
export function streamLabel(arn: string): string {
  const start = arn.indexOf(beforeLabel);
  return start < 0 ? '' : arn.slice(start + beforeLabel.length);
}
