/** What the cost depends on. */
export interface Workload {
  /** Changes of the protected tables. */
  updatesPerDay: number;
  /** How many times the day's mean the busiest minutes have: shards and KPUs are for them. */
  peakFactor: number;
  /** Shards of the tables' streams, one for each partition; undefined where they are worked out from the peak. */
  streamShards: number | undefined;
  /** How long the estimator waits for a batch to fill. */
  batchWindowSeconds: number;
  /** The most changes that the estimator gets at once. */
  batchSize: number;
  /** Different (resource, key, subject) among the changes of one second of one batch: one entry each. */
  keysPerSecond: number;
  /** Resources that a change costs: the table, and each of its indexes that it touches. */
  resources: number;
  applications: readonly ApplicationLoad[];
  /** Shards of the usage stream; undefined where they are worked out from the peak. */
  usageShards: number | undefined;
  /** Whether usage is kept in S3. */
  archive: boolean;
  /** Guards, one in each process of the API. */
  guards: number;
  /** What anybody acts on: excesses that reach the suspender. */
  excessesPerDay: number;
  /** Zones that the VPC's endpoints stand in. */
  zones: number;
}

export interface ApplicationLoad {
  name: string;
  parallelism: number;
  parallelismPerKpu: number;
  /** What one vCPU takes; undefined where nobody has measured it: then its KPUs are those of its file. */
  entriesPerSecond: number | undefined;
}

export const HOURS_PER_MONTH = 730;
export const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;
export const SECONDS_PER_DAY = 86_400;
export const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600;

/** Write units a second that one partition gives, so that a shard of a table's stream has at most that many changes. */
const PARTITION_UNITS = 1_000;

export function changesPerSecond({ updatesPerDay }: Workload): number {
  return updatesPerDay / SECONDS_PER_DAY;
}

export function streamShardsOf(workload: Workload): number {
  const { streamShards, peakFactor } = workload;
  return streamShards ?? Math.max(1, Math.ceil((changesPerSecond(workload) * peakFactor) / PARTITION_UNITS));
}
