import { createHash } from 'node:crypto';
import type { Checkpoint } from './checkpoints';

/** So many records before the checkpoint may come again, and so many batches are cut anew. */
export const recentRecords = 20;
const resizedBatches = 10;

/** Where a shard is taken up again after a failover, and how its first batches are cut. */
export interface Reslicing {
  readonly after: string;
  /** The size of the next batch, at most the one given. */
  batchSize(most: number): number;
}

/**
 * What AWS may do after a failover of its own or a change of an event source's settings: it goes on from before what
 * it had delivered, and cuts the records into other batches. The seed decides how.
 */
export function reslicing(
  seed: number,
  shardId: string,
  checkpoint: Extract<Checkpoint, { after: string }>,
): Reslicing {
  const draw = drawn(`${String(seed)}/${shardId}`);
  const recent = checkpoint.recent ?? [];
  // The last of them is the checkpoint itself: with more than one, something comes again.
  const after = recent[draw(Math.max(1, recent.length - 1))] ?? checkpoint.after;
  let resized = 0;
  return {
    after,
    batchSize: (most) => (resized++ < resizedBatches ? 1 + draw(most) : most),
  };
}

/** Whole numbers from 0 up to a bound, the same ones for the same text. */
function drawn(seed: string): (bound: number) => number {
  let draws = 0;
  return (bound) => {
    const bytes = createHash('sha256')
      .update(`${seed}/${String(draws++)}`)
      .digest();
    return bytes.readUInt32BE(0) % bound;
  };
}
