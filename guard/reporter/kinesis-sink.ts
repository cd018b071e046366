import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { UsageSink } from './outbox';

const tries = 3;

/**
 * The usage stream as a sink. Records that Kinesis refuses, because a shard has its fill, are sent again at once a
 * few times; then the call fails, and the reporter sends all of it with its next flush.
 *
 * @param stream the usage stream's name, or its ARN where it lies in another account
 */
export function kinesisSink(client: KinesisClient, stream: string): UsageSink {
  const target = stream.startsWith('arn:') ? { StreamARN: stream } : { StreamName: stream };
  return {
    async put(records) {
      let left = records;
      let refusal = '';
      for (let tryNumber = 1; left.length > 0 && tryNumber <= tries; tryNumber++) {
        const batch = left;
        const answer = await client.send(
          new PutRecordsCommand({
            ...target,
            Records: batch.map(({ partitionKey, json }) => ({
              PartitionKey: partitionKey,
              Data: Buffer.from(json),
            })),
          }),
        );
        const results = answer.Records ?? [];
        refusal = results.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorMessage ?? '';
        left = batch.filter((_, at) => results[at]?.ErrorCode !== undefined);
      }
      if (left.length > 0) {
        throw new Error(`the stream ${stream} refused ${String(left.length)} usage records: ${refusal}`);
      }
    },
  };
}
