package spillway.kinesis.source;

import java.io.Serializable;
import java.time.Duration;

/**
 * The source's times and bounds.
 *
 * @param discoveryInterval between two looks for new shards
 * @param pollInterval between two reads of one shard
 * @param recordsPerRead in one answer at most
 * @param idleTimeout without a record, after which a shard at its tip is no longer waited for
 * @param silence without a record in any shard, after which time moves on by the clock; zero for never
 * @param lagTimeout during which a shard that cannot be read is waited for
 */
public record SourceSettings(
        Duration discoveryInterval,
        Duration pollInterval,
        int recordsPerRead,
        Duration idleTimeout,
        Duration silence,
        Duration lagTimeout)
        implements Serializable {}
