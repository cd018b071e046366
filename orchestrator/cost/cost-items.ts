import type { Prices } from './prices';

/** What the cost depends on. */
export interface Workload {
  /** Changes of the protected tables. */
  updatesPerDay: number;
  applications: readonly { name: string; parallelism: number; parallelismPerKpu: number }[];
  usageShards: number;
  /** Bytes of one entry in a usage record. */
  entryBytes: number;
  /** Changes that the estimator gets at once. */
  changesPerBatch: number;
}

/** One line of the bill for a month of 730 hours. */
export interface CostItem {
  what: string;
  /** How it was worked out. */
  how: string;
  usdPerMonth: number;
}

/** One part of the system's cost. Pure. */
type CostPart = (workload: Workload, prices: Prices['prices']) => CostItem[];

const HOURS = 730;
const DAYS = HOURS / 24;
/** Managed Flink gives so much storage with each KPU, and charges for it (developer guide, resources). */
const STORAGE_GB_PER_KPU = 50;
const PUT_UNIT_BYTES = 25 * 1024;
/** Of the streams for excesses and for what is set aside, one each: they carry next to nothing. */
const OTHER_SHARDS = 2;

/** Managed Flink: the tasks' KPUs, and one more for each application. */
const flink: CostPart = ({ applications }, prices) =>
  applications.flatMap(({ name, parallelism, parallelismPerKpu }) => {
    const kpus = Math.ceil(parallelism / parallelismPerKpu);
    return [
      {
        what: `Flink ${name}: KPUs`,
        how: `${kpus} for ${parallelism} tasks and 1 for orchestration, ${HOURS} h`,
        usdPerMonth: (kpus + 1) * HOURS * prices.kpuHour.usd,
      },
      {
        what: `Flink ${name}: storage`,
        how: `${STORAGE_GB_PER_KPU} GB with each of ${kpus} KPUs`,
        usdPerMonth: kpus * STORAGE_GB_PER_KPU * prices.runningStorageGbMonth.usd,
      },
    ];
  });

/** Kinesis: shards by the hour, and what is put by units of 25 KB, at most one entry for each change. */
const kinesis: CostPart = ({ updatesPerDay, usageShards, entryBytes, changesPerBatch }, prices) => {
  const shards = usageShards + OTHER_SHARDS;
  const batches = updatesPerDay / changesPerBatch;
  // A batch is at least one record, and a record at least one unit.
  const units = batches * Math.max(1, Math.ceil((changesPerBatch * entryBytes) / PUT_UNIT_BYTES)) * DAYS;
  return [
    {
      what: 'Kinesis: shards',
      how: `${usageShards} for usage and ${OTHER_SHARDS} more, ${HOURS} h`,
      usdPerMonth: shards * HOURS * prices.kinesisShardHour.usd,
    },
    {
      what: 'Kinesis: puts',
      how: `${million(units)} units of 25 KB: an entry of ${entryBytes} bytes for each change, packed by batches`,
      usdPerMonth: (units / 1e6) * prices.kinesisMillionPutUnits.usd,
    },
  ];
};

/** The estimator's calls. Lambda reads DynamoDB's streams without a charge for reads. */
const estimator: CostPart = ({ updatesPerDay, changesPerBatch }, prices) => {
  const calls = (updatesPerDay / changesPerBatch) * DAYS;
  return [
    {
      what: 'Lambda estimator: calls',
      how: `${million(calls)} calls with ${changesPerBatch} changes each`,
      usdPerMonth: (calls / 1e6) * prices.lambdaMillionRequests.usd,
    },
  ];
};

/** The parts that are worked out; another one is another function here. */
const parts: readonly CostPart[] = [flink, kinesis, estimator];

/** What is not in it, so that nobody takes the sum for the bill. */
export const notIncluded: readonly string[] = [
  'the time that functions run: it has not been measured on Lambda',
  'the archive (Firehose, S3), the cache with its VPC, CloudWatch, the control table, SQS, data transfer',
  'rollouts: a handover runs a second application beside the first while it lasts',
];

/** The items of a month. Pure. */
export function costItems(workload: Workload, { prices }: Prices): CostItem[] {
  return parts.flatMap((part) => part(workload, prices));
}

function million(count: number): string {
  return count < 1e5 ? Math.round(count).toLocaleString('en-US') : `${(count / 1e6).toFixed(1)} million`;
}
