import { setMaxListeners } from 'node:events';
import { checkpointsInMemory, type Checkpoint } from './checkpoints';
import { invoke } from './invoke';
import { errorText, pause } from './pause';
import { ShardReader, type ShardProgress } from './shard-reader';
import { type Reslicing, reslicing } from './reslicing';
import { rulesOf, type StreamSourceOptions, type StreamSourceRules } from './source-options';
import type { Position, Shard, StreamPort } from './stream-port';

/** An event source at work. */
export interface StreamSource {
  /** How far each shard is that is being read. */
  progress(): readonly ShardProgress[];
  /** Ends reading and waits for the call of the function that is under way. Its failed batches are not retried. */
  stop(): Promise<void>;
}

type ShardState =
  | { readonly kind: 'waiting'; readonly position: Position; readonly parents: readonly string[] }
  | { readonly kind: 'reading'; readonly reader: ShardReader }
  | { readonly kind: 'done' };

/**
 * Starts reading a stream: parents before their children, each shard in order, all shards at once. Resolves when
 * it is fixed where each shard's reading begins, so that with LATEST whatever is written afterwards is seen.
 */
export async function startStreamSource<Event>(
  port: StreamPort,
  options: StreamSourceOptions<Event>,
  defaultPollIntervalMs: number,
): Promise<StreamSource> {
  const rules = rulesOf(options, defaultPollIntervalMs, port.filterFields);
  const checkpoints = options.checkpoints ?? checkpointsInMemory();
  const timeoutSeconds = options.timeoutSeconds ?? 60;
  const stopping = new AbortController();
  const { signal } = stopping;
  setMaxListeners(0, signal);
  const states = new Map<string, ShardState>();
  const running = new Set<Promise<void>>();
  let lookNow = new AbortController();

  const newReader = (shardId: string, from: Position): ShardReader => {
    const reslice = resliceOf(shardId, from);
    return new ShardReader(
      {
        port,
        shardId,
        rules,
        checkpoints,
        signal,
        invoke: (payload) => invoke(options.handler, payload, timeoutSeconds),
        batchSize: () => reslice?.batchSize(rules.batchSize) ?? rules.batchSize,
      },
      reslice ? { after: reslice.after } : from,
    );
  };

  const run = (shardId: string, reader: ShardReader): void => {
    states.set(shardId, { kind: 'reading', reader });
    const ended = reader.run().then((reachedEnd) => {
      if (!reachedEnd) return;
      states.set(shardId, { kind: 'done' });
      // Its children may be read now: they need not wait for the next look.
      lookNow.abort();
    });
    running.add(ended);
    void ended.finally(() => running.delete(ended));
  };

  const known = await checkpoints.load();
  const resliceOf = (shardId: string, from: Position): Reslicing | undefined =>
    rules.reslicing && 'after' in from ? reslicing(rules.reslicing.seed, shardId, from) : undefined;
  const startsAtTip = known.size === 0 && rules.startingPosition === 'LATEST';
  const atTip: (readonly [string, ShardReader])[] = [];
  for (const shard of await port.listShards(signal)) {
    if (!startsAtTip) {
      states.set(shard.id, firstState(shard, known.get(shard.id)));
    } else if (shard.open) {
      const reader = newReader(shard.id, { at: 'LATEST' });
      await reader.open();
      await checkpoints.save(shard.id, { at: 'LATEST' });
      atTip.push([shard.id, reader]);
    } else {
      await checkpoints.save(shard.id, { done: true });
      states.set(shard.id, { kind: 'done' });
    }
  }
  for (const [shardId, reader] of atTip) run(shardId, reader);
  startReady(states, newReader, run);

  const discovery = discover();
  return {
    progress: () =>
      [...states.values()].flatMap((state) => (state.kind === 'reading' ? [state.reader.progress()] : [])),
    async stop() {
      stopping.abort();
      lookNow.abort();
      await discovery;
      await Promise.all(running);
    },
  };

  async function discover(): Promise<void> {
    while (!signal.aborted) {
      lookNow = new AbortController();
      await pause(rules.discoveryIntervalMs, lookNow.signal);
      if (signal.aborted) return;
      try {
        addNewShards(states, await port.listShards(signal));
        startReady(states, newReader, run);
      } catch (cause) {
        if (!signal.aborted) logDiscoveryFailure(rules, cause);
      }
    }
  }
}

function firstState(shard: Shard, checkpoint: Checkpoint | undefined): ShardState {
  if (checkpoint === undefined) {
    return { kind: 'waiting', position: { at: 'TRIM_HORIZON' }, parents: shard.parents };
  }
  if ('done' in checkpoint) return { kind: 'done' };
  return { kind: 'waiting', position: checkpoint, parents: shard.parents };
}

/** A shard that appears later is read from its beginning; one that the stream forgot is forgotten here when done. */
function addNewShards(states: Map<string, ShardState>, shards: readonly Shard[]): void {
  for (const shard of shards) {
    if (!states.has(shard.id)) states.set(shard.id, firstState(shard, undefined));
  }
  const listed = new Set(shards.map(({ id }) => id));
  for (const [id, state] of states) {
    if (state.kind === 'done' && !listed.has(id)) states.delete(id);
  }
}

/** Starts each shard whose parents are through, or that the stream no longer has. */
function startReady(
  states: ReadonlyMap<string, ShardState>,
  newReader: (shardId: string, position: Position) => ShardReader,
  run: (shardId: string, reader: ShardReader) => void,
): void {
  for (const [id, state] of [...states]) {
    if (state.kind !== 'waiting') continue;
    const isReady = state.parents.every((parent) => (states.get(parent)?.kind ?? 'done') === 'done');
    if (isReady) run(id, newReader(id, state.position));
  }
}

function logDiscoveryFailure(rules: StreamSourceRules, cause: unknown): void {
  rules.log({
    level: 'warn',
    event: 'discovery-failed',
    message: `Looking for new shards for ${rules.functionName} failed and is tried again: ${errorText(cause)}`,
  });
}
