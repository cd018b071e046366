const MiB = 1024 * 1024;

/**
 * What Kinesis Data Streams allows, where the front enforces it. Sources: Kinesis Developer Guide, "Quotas and
 * limits"; Kinesis API Reference, the page of each operation.
 */
export interface KinesisLimits {
  /** GetRecords, for each shard and all readers together. */
  readonly readsPerSecond: number;
  readonly readBytesPerSecond: number;
  /** After an answer of so many bytes a shard refuses every read for `pauseAfterLargestReadMs`. */
  readonly largestReadBytes: number;
  readonly pauseAfterLargestReadMs: number;
  /** For each shard, data and partition keys together. */
  readonly writtenBytesPerSecond: number;
  readonly writtenRecordsPerSecond: number;
  readonly recordsPerPut: number;
  /** Data and partition keys of one PutRecords. */
  readonly bytesPerPut: number;
  /** Data of one record; the service's default, which a stream can have raised. */
  readonly recordBytes: number;
  readonly iteratorLifeMs: number;
  /** For each shard. */
  readonly shardIteratorsPerSecond: number;
  /** For each stream. */
  readonly shardListsPerSecond: number;
  /** Other operations, for the account. */
  readonly callsPerSecond: Readonly<Record<string, number>>;
}

/** The service's own. */
export const serviceLimits: KinesisLimits = {
  readsPerSecond: 5,
  readBytesPerSecond: 2 * MiB,
  largestReadBytes: 10 * MiB,
  pauseAfterLargestReadMs: 5_000,
  writtenBytesPerSecond: MiB,
  writtenRecordsPerSecond: 1_000,
  recordsPerPut: 500,
  bytesPerPut: 10 * MiB,
  recordBytes: MiB,
  iteratorLifeMs: 5 * 60_000,
  shardIteratorsPerSecond: 5,
  shardListsPerSecond: 1_000,
  callsPerSecond: {
    CreateStream: 5,
    DeleteStream: 5,
    DescribeStream: 10,
    DescribeStreamSummary: 20,
    ListStreams: 5,
    MergeShards: 5,
    SplitShard: 5,
  },
};
