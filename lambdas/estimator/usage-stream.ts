import { createHash } from 'node:crypto';
import type { KinesisStream } from '../delivery/kinesis-stream';
import type { PackedUsage } from './pack';

/** Where usage goes. */
export interface UsageStream {
  put(records: readonly PackedUsage[]): Promise<void>;
}

/**
 * Puts usage records on the given stream, each under a hash of its identity: that spreads the records of one batch
 * over all shards, and puts a record that is sent again where it was before. Throws what the stream throws.
 */
export function usageStream(stream: KinesisStream): UsageStream {
  return {
    async put(records) {
      await stream.put(
        records.map(({ identity, json }) => ({
          partitionKey: createHash('sha256').update(identity).digest('hex').slice(0, 32),
          data: Buffer.from(json),
        })),
      );
    },
  };
}
