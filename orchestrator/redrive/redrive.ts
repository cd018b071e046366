import type { FailedBatchStore } from '../service/failed-batch-store';
import type { Functions } from '../service/functions';
import { messageOf } from '../user-fault';
import { readFailedBatch } from './failed-batch';

/** What became of one batch. */
export interface RedrivenBatch {
  readonly key: string;
  /** Empty where the document cannot be read. */
  readonly functionName: string;
  readonly shardId: string;
  readonly records: number;
  readonly outcome: 'redriven' | 'would-redrive' | 'already-redriven' | 'failed' | 'unreadable';
  /** Why it failed or cannot be read. */
  readonly detail?: string;
}

export interface Redrive {
  readonly store: FailedBatchStore;
  readonly functions: Functions;
  /** Only batches of this function, by its name. @default all */
  readonly functionName?: string;
  readonly dryRun: boolean;
  /** The most batches that are looked at. */
  readonly limit: number;
  readonly say: (line: string) => void;
}

/**
 * Gives each batch that is kept to its function again, in the order of their keys, one after the other, and puts it
 * away when the function took it. What fails stays, and the others go on. A run that breaks off anywhere is gone on
 * with by the next one: a batch that was given to its function and not yet put away is given once more, and makes the
 * records that count once.
 */
export async function redriveBatches(redrive: Redrive): Promise<{ batches: RedrivenBatch[]; more: boolean }> {
  const { store, limit } = redrive;
  const batches: RedrivenBatch[] = [];
  for await (const key of store.keys()) {
    if (batches.length >= limit) return { batches, more: true };
    const batch = await redriveOne(redrive, key);
    if (batch !== undefined) batches.push(batch);
  }
  return { batches, more: false };
}

async function redriveOne(redrive: Redrive, key: string): Promise<RedrivenBatch | undefined> {
  const { store, functions, dryRun, say } = redrive;
  const text = await store.read(key);
  const read = readFailedBatch(text);
  if (!read.ok) {
    const nothing = { functionName: '', shardId: '', records: 0 };
    return { key, ...nothing, outcome: 'unreadable', detail: read.reason };
  }
  const { functionArn, functionName, shardId, records, payload } = read.batch;
  if (redrive.functionName !== undefined && redrive.functionName !== functionName) return undefined;
  const about = { key, functionName, shardId, records };
  if (await store.isPutAway(key)) {
    if (!dryRun) await store.putAway(key, text);
    return { ...about, outcome: 'already-redriven' };
  }
  if (dryRun) return { ...about, outcome: 'would-redrive' };
  say(`giving ${records} records of ${shardId} to ${functionName} again`);
  try {
    await functions.invoke(functionArn, payload);
  } catch (cause) {
    return { ...about, outcome: 'failed', detail: messageOf(cause) };
  }
  await store.putAway(key, text);
  return { ...about, outcome: 'redriven' };
}
