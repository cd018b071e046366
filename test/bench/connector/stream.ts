import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { until } from './until';

const HIGHEST_HASH_KEY = 2n ** 128n - 1n;
/** What one PutRecords call may hold (PutRecords, API reference). */
const MOST_PER_CALL = 500;

interface OpenShard {
  readonly id: string;
  readonly first: bigint;
  readonly last: bigint;
}

/** A stream of the bench: puts, resharding, and reading all that is in it. */
export class BenchStream {
  readonly arn: string;
  private readonly iterators = new Map<string, string>();

  constructor(
    private readonly client: KinesisClient,
    private readonly name: string,
  ) {
    this.arn = `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
  }

  async create(shards: number): Promise<this> {
    await this.client.send(new CreateStreamCommand({ StreamName: this.name, ShardCount: shards }));
    await this.untilActive();
    return this;
  }

  /** Puts texts in order, each under the hash key of that share (0 to 1) of all hash keys; retries what is refused. */
  async put(records: readonly { text: string; share: number }[]): Promise<void> {
    let entries: PutRecordsRequestEntry[] = records.map(({ text, share }) => ({
      PartitionKey: 'any',
      ExplicitHashKey: ((HIGHEST_HASH_KEY * BigInt(Math.floor(share * 1e9))) / 1_000_000_000n).toString(),
      Data: Buffer.from(text),
    }));
    while (entries.length > 0) {
      const call = entries.slice(0, MOST_PER_CALL);
      const { Records = [] } = await this.client.send(
        new PutRecordsCommand({ StreamARN: this.arn, Records: call }),
      );
      const refused = call.filter((_, i) => Records[i]?.ErrorCode !== undefined);
      entries = [...refused, ...entries.slice(MOST_PER_CALL)];
    }
  }

  /** Splits the open shard of that share of all open ones into halves. */
  async split(share: number): Promise<void> {
    const open = await this.openShards();
    const shard = open[Math.floor(share * open.length)];
    if (shard === undefined) throw new Error(`${this.name} has no open shard`);
    const middle = (shard.first + shard.last) / 2n + 1n;
    await this.client.send(
      new SplitShardCommand({
        StreamARN: this.arn,
        ShardToSplit: shard.id,
        NewStartingHashKey: middle.toString(),
      }),
    );
    await this.untilActive();
  }

  /** Merges the open shard of that share of all open ones with the one above it. */
  async merge(share: number): Promise<void> {
    const open = (await this.openShards()).sort((a, b) => (a.first < b.first ? -1 : 1));
    const lower = Math.floor(share * (open.length - 1));
    await this.client.send(
      new MergeShardsCommand({
        StreamARN: this.arn,
        ShardToMerge: open[lower]?.id,
        AdjacentShardToMerge: open[lower + 1]?.id,
      }),
    );
    await this.untilActive();
  }

  /** What was written since the last call, of one shard in order. */
  async readOn(): Promise<string[]> {
    const { Shards = [] } = await this.client.send(new ListShardsCommand({ StreamARN: this.arn }));
    const texts: string[] = [];
    for (const { ShardId = '' } of Shards) {
      let iterator = this.iterators.get(ShardId);
      if (iterator === undefined) {
        const answer = await this.client.send(
          new GetShardIteratorCommand({ StreamARN: this.arn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
        );
        iterator = answer.ShardIterator ?? '';
      }
      if (iterator === '') continue;
      const answer = await this.client.send(
        new GetRecordsCommand({ StreamARN: this.arn, ShardIterator: iterator }),
      );
      this.iterators.set(ShardId, answer.NextShardIterator ?? '');
      texts.push(...(answer.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()));
    }
    return texts;
  }

  private async openShards(): Promise<OpenShard[]> {
    const { Shards = [] } = await this.client.send(new ListShardsCommand({ StreamARN: this.arn }));
    return Shards.filter((shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined).map(
      (shard) => ({
        id: shard.ShardId ?? '',
        first: BigInt(shard.HashKeyRange?.StartingHashKey ?? 0),
        last: BigInt(shard.HashKeyRange?.EndingHashKey ?? 0),
      }),
    );
  }

  private async untilActive(): Promise<void> {
    await until(`the stream ${this.name} is active`, async () => {
      const answer = await this.client.send(new DescribeStreamSummaryCommand({ StreamARN: this.arn }));
      return answer.StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
    });
  }
}
