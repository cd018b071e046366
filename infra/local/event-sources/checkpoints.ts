/** How far a shard was delivered. */
export type Checkpoint =
  | { readonly after: string }
  /** Reading began at the tip and nothing came yet. */
  | { readonly at: 'LATEST' }
  /** The shard is closed and all of it was delivered. */
  | { readonly done: true };

/** Where an event source remembers how far it came, so that one started later goes on from there. */
export interface Checkpoints {
  load(): Promise<ReadonlyMap<string, Checkpoint>>;
  save(shardId: string, checkpoint: Checkpoint): Promise<void>;
}

/** Checkpoints that live as long as the object. */
export function checkpointsInMemory(): Checkpoints {
  const checkpoints = new Map<string, Checkpoint>();
  return {
    load: () => Promise.resolve(new Map(checkpoints)),
    save: (shardId, checkpoint) => {
      checkpoints.set(shardId, checkpoint);
      return Promise.resolve();
    },
  };
}
