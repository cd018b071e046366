import { createHash } from 'node:crypto';

/** A shard that takes records, and the first hash key it takes. */
export interface OpenShard {
  readonly shardId: string;
  readonly from: bigint;
}

interface ListedShard {
  readonly ShardId?: string;
  readonly HashKeyRange?: { readonly StartingHashKey?: string };
  readonly SequenceNumberRange?: { readonly EndingSequenceNumber?: string | null };
}

/** The open shards of an answer of ListShards, in the order of their hash keys. */
export function openShards(listed: readonly ListedShard[]): readonly OpenShard[] {
  return listed
    .filter(({ SequenceNumberRange: range }) => (range?.EndingSequenceNumber ?? null) === null)
    .map((shard) => ({
      shardId: shard.ShardId ?? '',
      from: BigInt(shard.HashKeyRange?.StartingHashKey ?? 0),
    }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** The shard that a record goes to, by its explicit hash key or the MD5 of its partition key. */
export function shardOf(
  shards: readonly OpenShard[],
  partitionKey: string,
  explicitHashKey: string | undefined,
): string | undefined {
  const [only] = shards;
  if (shards.length < 2) return only?.shardId;
  const key = hashKey(partitionKey, explicitHashKey);
  let found = only;
  for (const shard of shards) {
    if (shard.from > key) break;
    found = shard;
  }
  return found?.shardId;
}

function hashKey(partitionKey: string, explicitHashKey: string | undefined): bigint {
  if (explicitHashKey !== undefined && /^\d{1,39}$/.test(explicitHashKey)) return BigInt(explicitHashKey);
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}
