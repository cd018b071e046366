/** What the usage stream has to carry. */
export interface UsageLoad {
  /** Changes of all protected tables in a day. */
  readonly updatesPerDay: number;
  /** How many times the day's mean the busiest minutes have. */
  readonly peakFactor: number;
  /** Bytes of one entry in a usage record; each change is at most one entry for each resource it costs. */
  readonly entryBytes: number;
  /** Changes that the estimator gets at once, which it packs into one record or more. */
  readonly changesPerBatch: number;
  /** Applications and deliveries that read each shard by polling, and share what it gives. */
  readonly readers: number;
}

/** Shards, and the figures they come from, each of them the number of shards that it alone would need. */
export interface UsageCapacity {
  readonly shards: number;
  readonly forBytesWritten: number;
  readonly forRecordsWritten: number;
  readonly forBytesRead: number;
}

/**
 * What is assumed unless it is said: a peak of three times the mean, longer entries and smaller batches than `spillway cost` measured,
 * and three readers: the application, a second one during a handover, and the archive.
 */
export const assumedLoad = { peakFactor: 3, entryBytes: 120, changesPerBatch: 100, readers: 3 } as const;

// Kinesis Developer Guide, quotas and limits: what one shard takes and gives in a second.
const writtenBytesPerShard = 1024 * 1024;
const writtenRecordsPerShard = 1_000;
const readBytesPerShard = 2 * 1024 * 1024;
const secondsPerDay = 86_400;

/**
 * The shards a provisioned usage stream needs for a load. Pure. Throws a RangeError for a figure that is no load.
 *
 * A shard gives all who poll it together 2 MB a second, so that with three of them it is full at two thirds of what it
 * takes: reading is what bounds it.
 */
export function usageCapacity(load: UsageLoad): UsageCapacity {
  for (const [name, value] of Object.entries(load)) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new RangeError(`${name} is ${String(value)}: write a number above 0`);
  }
  const { updatesPerDay, peakFactor, entryBytes, changesPerBatch, readers } = load;
  const changesPerSecond = (updatesPerDay / secondsPerDay) * peakFactor;
  const bytesPerSecond = changesPerSecond * entryBytes;
  const forBytesWritten = Math.ceil(bytesPerSecond / writtenBytesPerShard);
  const forRecordsWritten = Math.ceil(changesPerSecond / changesPerBatch / writtenRecordsPerShard);
  const forBytesRead = Math.ceil((bytesPerSecond * readers) / readBytesPerShard);
  const shards = Math.max(1, forBytesWritten, forRecordsWritten, forBytesRead);
  return { shards, forBytesWritten, forRecordsWritten, forBytesRead };
}
