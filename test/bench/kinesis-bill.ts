/** Assumed prices of a provisioned Kinesis stream in us-east-1, in dollars; look them up before you rely on the bill. */
const perMillionPutPayloadUnits = 0.014;
const perShardHour = 0.015;
/** PUT payload units are chunks of 25 KB begun; a shard takes 1 MB and 1,000 records a second. */
const payloadUnitBytes = 25_000;
const shardBytesPerSecond = 1_000_000;
const shardRecordsPerSecond = 1_000;

const changesPerDay = 1_000_000_000;
const secondsPerDay = 86_400;

/** What the usage of one table costs to put: packed as the estimator does, and with a record for each entry of a change. */
export interface Bill {
  readonly indexes: number;
  readonly packed: DayOfKinesis;
  readonly unpacked: DayOfKinesis;
}

interface DayOfKinesis {
  readonly recordsPerDay: number;
  /** For the average rate, without room for peaks. */
  readonly shards: number;
  readonly dollarsPerDay: number;
}

/** The bill at a billion changes a day of what was measured, with the assumptions it rests on. */
export function kinesisBill(
  cases: readonly {
    readonly indexes: number;
    readonly usageBytesPerChange: number;
    readonly usageRecordsPerBatch: number;
    readonly unpackedBytesPerChange: number;
    readonly unpackedRecordsPerChange: number;
  }[],
): { readonly assumptions: Readonly<Record<string, number>>; readonly bills: readonly Bill[] } {
  return {
    assumptions: {
      changesPerDay,
      changesPerBatch: 1_000,
      dollarsPerMillionPutPayloadUnits: perMillionPutPayloadUnits,
      dollarsPerShardHour: perShardHour,
      payloadUnitBytes,
      shardBytesPerSecond,
      shardRecordsPerSecond,
    },
    bills: cases.map((one) => ({
      indexes: one.indexes,
      packed: day(one.usageRecordsPerBatch / 1_000, one.usageBytesPerChange),
      unpacked: day(one.unpackedRecordsPerChange, one.unpackedBytesPerChange),
    })),
  };
}

function day(recordsPerChange: number, bytesPerChange: number): DayOfKinesis {
  const records = changesPerDay * recordsPerChange;
  const bytes = changesPerDay * bytesPerChange;
  // Records are of one size, within a few percent; all that are sent here are below 25 KB and are one unit each.
  const payloadUnits = records * Math.ceil(bytes / records / payloadUnitBytes);
  const shards = Math.ceil(
    Math.max(records / secondsPerDay / shardRecordsPerSecond, bytes / secondsPerDay / shardBytesPerSecond),
  );
  const dollars = (payloadUnits / 1_000_000) * perMillionPutPayloadUnits + shards * 24 * perShardHour;
  return { recordsPerDay: records, shards, dollarsPerDay: Number(dollars.toFixed(2)) };
}
