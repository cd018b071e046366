import type { SecondOfUsage } from './batch';

/**
 * A usage record is closed before it grows beyond this. Kinesis bills by the KB begun and counts records, which
 * makes tens of KB cheap; larger ones gain nothing and make the shard's share of one batch lumpy.
 */
export const packBytes = 20 * 1024;

/** A usage record as it is put into the stream. */
export interface PackedUsage {
  /** The record's identity (source, batch, part, second) as text. */
  readonly identity: string;
  readonly json: string;
}

/**
 * Writes entries as usage records (contracts/usage-record.ts) of at most `mostBytes`, numbered by `part` from 0 in
 * each second. An entry is never split: one that is larger alone makes a larger record.
 */
export function pack(seconds: readonly SecondOfUsage[], mostBytes = packBytes): PackedUsage[] {
  return seconds.flatMap((second) => packSecond(second, mostBytes));
}

function packSecond(usage: SecondOfUsage, mostBytes: number): PackedUsage[] {
  const { source, batch, second, entries } = usage;
  const records: PackedUsage[] = [];
  const frameBytes = Buffer.byteLength(frame(usage, 999_999, ''));
  let inPart: string[] = [];
  let bytes = frameBytes;
  const close = (): void => {
    const part = records.length;
    records.push({
      identity: JSON.stringify([source, batch, part, second]),
      json: frame(usage, part, inPart.join(',')),
    });
  };
  for (const entry of entries) {
    const json = JSON.stringify(entry);
    const more = Buffer.byteLength(json) + 1;
    if (inPart.length > 0 && bytes + more > mostBytes) {
      close();
      inPart = [];
      bytes = frameBytes;
    }
    inPart.push(json);
    bytes += more;
  }
  if (inPart.length > 0) close();
  return records;
}

/** The fields always in this order: a batch that is tried again makes the same bytes. */
function frame({ source, batch, second, sequence }: SecondOfUsage, part: number, entries: string): string {
  const names = `"source":${JSON.stringify(source)},"batch":${JSON.stringify(batch)}`;
  const range = sequence ? `"firstSequence":"${sequence.first}","lastSequence":"${sequence.last}",` : '';
  return `{"version":1,${names},"part":${String(part)},"second":${String(second)},${range}"entries":[${entries}]}`;
}
