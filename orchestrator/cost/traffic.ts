import type { Measured } from './measured';
import { changesPerSecond, streamShardsOf, type Workload } from './workload';

/** What goes through the system in each second. */
export interface Traffic {
  changesPerSecond: number;
  /** The estimator's calls. */
  batchesPerSecond: number;
  changesPerBatch: number;
  /** Usage records. */
  recordsPerSecond: number;
  bytesPerRecord: number;
  bytesPerSecond: number;
  /** Of 25 KB, which Kinesis charges for. */
  putUnitsPerSecond: number;
  entriesPerSecond: number;
}

/** The estimator closes a usage record before it grows beyond this (`lambdas/estimator/pack.ts`). */
export const PACK_BYTES = 20 * 1024;
export const PUT_UNIT_BYTES = 25 * 1024;
/** Of one shard, written and read by all readers together (Kinesis Developer Guide, quotas and limits). */
const SHARD = { writtenBytes: 1024 * 1024, writtenRecords: 1_000, readBytes: 2 * 1024 * 1024 };
/** The application, a second one in a handover, and the archive. */
const READERS = 3;

/**
 * Usage as the estimator packs it: a batch holds what one shard of a table's stream got in the batch window, and each
 * second in it is a record of its own, or several.
 *
 * @param load changes a second as a multiple of the mean
 */
export function packedTraffic(workload: Workload, { figures }: Measured, load = 1): Traffic {
  const { batchWindowSeconds: window, batchSize, keysPerSecond, resources } = workload;
  const changes = changesPerSecond(workload) * load;
  const perShard = changes / streamShardsOf(workload);
  const changesPerBatch = Math.min(batchSize, Math.max(1, perShard * window));
  const batches = changes / changesPerBatch;
  // The window begins anywhere in a second, so that it touches one second more than it is long.
  const seconds = Math.min(changesPerBatch, changesPerBatch / perShard + 1);
  const entries = Math.min(changesPerBatch / seconds, keysPerSecond) * resources;
  const entryBytes = entries * figures.entryBytes.value;
  const records = Math.max(1, Math.ceil(entryBytes / (PACK_BYTES - figures.recordBytes.value)));
  return of(changes, batches, batches * seconds * records, {
    entriesPerSecond: batches * seconds * entries,
    bytesPerRecord: figures.recordBytes.value + entryBytes / records,
  });
}

/** Usage with a record for each resource that a change costs, and a call for each hundred changes, Lambda's default. */
export function unpackedTraffic(workload: Workload, { figures }: Measured, load = 1): Traffic {
  const changes = changesPerSecond(workload) * load;
  const records = changes * workload.resources;
  return of(changes, changes / 100, records, {
    entriesPerSecond: records,
    bytesPerRecord: figures.unpackedBytes.value,
  });
}

function of(
  changes: number,
  batches: number,
  records: number,
  { entriesPerSecond, bytesPerRecord }: Pick<Traffic, 'entriesPerSecond' | 'bytesPerRecord'>,
): Traffic {
  return {
    changesPerSecond: changes,
    batchesPerSecond: batches,
    changesPerBatch: changes / batches,
    recordsPerSecond: records,
    bytesPerRecord,
    bytesPerSecond: records * bytesPerRecord,
    putUnitsPerSecond: records * Math.ceil(bytesPerRecord / PUT_UNIT_BYTES),
    entriesPerSecond,
  };
}

/** The shards that a usage stream needs for it. */
export function shardsFor({ recordsPerSecond, bytesPerSecond }: Traffic): number {
  return Math.max(
    1,
    Math.ceil(recordsPerSecond / SHARD.writtenRecords),
    Math.ceil(bytesPerSecond / SHARD.writtenBytes),
    Math.ceil((bytesPerSecond * READERS) / SHARD.readBytes),
  );
}
