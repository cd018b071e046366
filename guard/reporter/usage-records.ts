import type { UsageRecord } from '../../lambdas/contracts/usage-record';
import type { SecondOfUsage } from './counts';

/** A usage record that is closed before it grows beyond this: Kinesis bills by the KB begun and counts records. */
const mostBytes = 20 * 1024;

/** A usage record on its way: made once, so that each try sends the same bytes. */
export interface SentRecord {
  /** Where the stream puts it: by its identity, so that it is the same place each time. */
  readonly partitionKey: string;
  /** A usage record (lambdas/contracts/usage-record.ts) as JSON. */
  readonly json: string;
  readonly entries: number;
  readonly units: number;
}

/**
 * Writes what one flush took as usage records, each second's parts from 0. (source, batch, part, second) names a
 * record once and for all: the source is this reporter and the batch this flush.
 */
export function usageRecords(source: string, batch: string, seconds: readonly SecondOfUsage[]): SentRecord[] {
  return seconds.flatMap(({ second, entries }) => {
    const parts: UsageRecord['entries'][] = [];
    let part: UsageRecord['entries'] = [];
    let bytes = 0;
    for (const entry of entries) {
      const more = Buffer.byteLength(JSON.stringify(entry)) + 1;
      if (part.length === 0 || bytes + more > mostBytes) {
        parts.push((part = []));
        bytes = 0;
      }
      part.push(entry);
      bytes += more;
    }
    return parts.map((inPart, number): SentRecord => {
      const record: UsageRecord = { version: 1, source, batch, part: number, second, entries: inPart };
      return {
        partitionKey: `${source}/${batch}/${String(number)}/${String(second)}`.slice(-256),
        json: JSON.stringify(record),
        entries: inPart.length,
        units: inPart.reduce((sum, { units }) => sum + units, 0),
      };
    });
  });
}
