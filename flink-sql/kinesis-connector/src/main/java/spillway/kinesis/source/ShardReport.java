package spillway.kinesis.source;

import java.util.List;

/** What the fetcher hands over after each attempt to read a shard. */
sealed interface ShardReport {

    String shardId();

    /** When the attempt was made, epoch milliseconds. */
    long atMs();

    /**
     * A read that went through, possibly of no records.
     *
     * @param endOfShard whether the shard is closed and these are its last records
     */
    record Read(String shardId, long atMs, List<KinesisRecord> records, long millisBehindLatest, boolean endOfShard)
            implements ShardReport {}

    /** A read that did not go through, as none has for this long; it will be tried again. */
    record Unreadable(String shardId, long atMs, long failingForMs) implements ShardReport {}
}
