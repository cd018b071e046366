package spillway.kinesis.source;

import java.util.List;

/**
 * A shard as Kinesis lists it.
 *
 * @param parents the shard or the two shards it was made of, if it came by resharding
 */
record ListedShard(String shardId, List<String> parents) {}
