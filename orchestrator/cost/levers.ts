import { costItems, totalOf } from './cost-items';
import { type Design, type Known, thisDesign } from './design';
import { packedTraffic, shardsFor, unpackedTraffic } from './traffic';
import type { Workload } from './workload';

/** One thing that can be otherwise, and what a month then costs more (less where negative), all else as it is. */
export interface Lever {
  what: string;
  usdPerMonth: number;
}

interface Otherwise {
  what: string;
  workload?: Partial<Workload>;
  design?: Partial<Design>;
}

/** Each lever by itself, against this design. Pure. */
export function levers(known: Known): Lever[] {
  const { workload, measured } = known;
  const now = totalOf(costItems(known));
  return otherwise(known).map(({ what, workload: changed, design }) => {
    const then = { ...workload, ...changed };
    const changedDesign = { ...thisDesign(then, measured), ...design };
    return {
      what,
      usdPerMonth: totalOf(costItems({ ...known, workload: then, design: changedDesign })) - now,
    };
  });
}

function otherwise({ workload, measured, design }: Known): Otherwise[] {
  const { figures } = measured;
  const shards = workload.usageShards ?? shardsFor(design.peak);
  const oneKpu = { parallelism: 1, parallelismPerKpu: 1 };
  const onOneKpu = { applications: workload.applications.map((one) => ({ ...one, ...oneKpu })) };
  const longBatches = { batchWindowSeconds: 5, batchSize: 10_000 };
  const unpacked = unpackedTraffic(workload, measured);
  const { batchesPerSecond } = packedTraffic(workload, measured);
  return [
    { what: 'a batch window of 3 s (--batch-window 3)', workload: { batchWindowSeconds: 3 } },
    {
      what: 'a batch window of 5 s, batches of 10,000 (--batch-window 5 --batch-size 10000)',
      workload: longBatches,
    },
    {
      what: 'a key of its own for each change (--keys-per-second 10000)',
      workload: { keysPerSecond: 10_000 },
    },
    {
      what: 'a fifth of the keys (--keys-per-second), and one KPU in the file',
      workload: { keysPerSecond: Math.max(1, Math.round(workload.keysPerSecond / 5)), ...onOneKpu },
    },
    {
      what: 'no packing: a usage record for each change',
      design: {
        mean: { ...unpacked, batchesPerSecond },
        peak: unpackedTraffic(workload, measured, workload.peakFactor),
      },
    },
    { what: 'one KPU in the file', workload: onOneKpu },
    {
      what: 'detections in plain SQL',
      design: { entriesPerSecond: figures.plainSqlEntriesPerSecond.value },
    },
    { what: 'one shard of the usage stream more (--shards)', workload: { usageShards: shards + 1 } },
    { what: 'the cache asked for each request of the API', design: { asksCachePerRequest: true } },
    { what: 'no archive (--no-archive)', workload: { archive: false } },
    {
      what: 'batches of 5 s and one KPU together',
      workload: { ...longBatches, ...onOneKpu },
    },
    {
      what: 'the same, and no archive',
      workload: { ...longBatches, ...onOneKpu, archive: false },
    },
  ];
}
