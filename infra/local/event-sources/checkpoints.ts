import { open, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';

/** How far a shard was delivered. */
export type Checkpoint =
  | {
      readonly after: string;
      /** Sequence numbers of the records settled last, the newest last; only kept where batches are cut anew. */
      readonly recent?: readonly string[] | undefined;
    }
  /** Reading began at the tip and nothing came yet. */
  | { readonly at: 'LATEST' }
  /** The shard is closed and all of it was delivered. */
  | { readonly done: true };

/** Where an event source remembers how far it came, so that one started later goes on from there. */
export interface Checkpoints {
  load(): Promise<ReadonlyMap<string, Checkpoint>>;
  /** Resolves when the checkpoint is kept. A shard's checkpoints are kept in the order in which they were given. */
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

const fileSchema = z.record(
  z.string(),
  z.union([
    z.object({ after: z.string(), recent: z.array(z.string()).optional() }).strict(),
    z.object({ at: z.literal('LATEST') }).strict(),
    z.object({ done: z.literal(true) }).strict(),
  ]),
);

/**
 * Checkpoints in a file, which outlive the process however it ends: the file is written anew beside the old one and
 * then takes its place. One source at a time may use it. What is given while it is being written goes into the next
 * write, in one.
 */
export function checkpointsInFile(path: string): Checkpoints {
  const checkpoints = new Map<string, Checkpoint>();
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  async function write(): Promise<void> {
    next = undefined;
    const file = await open(`${path}.new`, 'w');
    try {
      await file.writeFile(JSON.stringify(Object.fromEntries(checkpoints)));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  return {
    async load() {
      for (const [shardId, checkpoint] of Object.entries(await readCheckpoints(path))) {
        checkpoints.set(shardId, checkpoint);
      }
      return new Map(checkpoints);
    },
    save(shardId, checkpoint) {
      checkpoints.set(shardId, checkpoint);
      if (next === undefined) {
        next = writing.then(write, write);
        writing = next;
      }
      return next;
    },
  };
}

async function readCheckpoints(path: string): Promise<Record<string, Checkpoint>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw cause;
  }
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} holds no checkpoints: remove it to read the stream from its start`, { cause });
  }
}
