import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Redis } from 'ioredis';
import { createGuard } from '../../../guard';
import { fillStore } from './suspensions';

export interface SyncCost {
  readonly suspensions: number;
  /** From `start` to the whole set in memory. */
  readonly syncMs: number;
  /** The longest that the API's own work had to wait meanwhile. */
  readonly longestStallMs: number;
  /** Heap of one entry in the guard, its suspension and reason included. */
  readonly bytesPerEntry: number;
  /** What one entry takes in the store, as JSON. */
  readonly jsonBytesPerEntry: number;
}

/** What it takes to read a set of that size, and to keep it. */
export async function costOfSync(url: string, suspensions: number): Promise<SyncCost> {
  const redis = new Redis(url);
  await fillStore(redis, suspensions);
  const jsonBytes = Buffer.byteLength(String(await redis.hget('{spillway}:details', 'app_0')));
  redis.disconnect();
  const before = heapBytes();
  const stalls = monitorEventLoopDelay({ resolution: 5 });
  stalls.enable();
  const guard = createGuard({ redis: url, startSeconds: 60, onEvent: () => undefined });
  const startedMs = performance.now();
  await guard.start();
  const syncMs = performance.now() - startedMs;
  stalls.disable();
  const after = heapBytes();
  const { size } = guard.state();
  await guard.stop();
  if (size !== suspensions)
    throw new Error(`the guard read ${String(size)} of ${String(suspensions)} entries`);
  return {
    suspensions,
    syncMs: Math.round(syncMs),
    longestStallMs: Math.round(stalls.max / 1e6),
    bytesPerEntry: Math.round((after - before) / suspensions),
    jsonBytesPerEntry: jsonBytes,
  };
}

/** The heap after everything that nobody holds has gone. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
