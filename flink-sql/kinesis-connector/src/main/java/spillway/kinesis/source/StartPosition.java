package spillway.kinesis.source;

import java.io.Serializable;
import java.time.Instant;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * Where a job without state begins in every shard, resolved once and kept in its checkpoints.
 *
 * <p>LATEST is not among them: it becomes the time when the job was planned. If each shard asked for LATEST when it is
 * first read, what came in between (or before a restore that precedes the first record) would be lost.
 *
 * @param timestampMs epoch milliseconds of arrival; null for the oldest record that is kept
 */
public record StartPosition(Long timestampMs) implements Serializable {

    /** The oldest record that is kept. */
    public static final StartPosition TRIM_HORIZON = new StartPosition(null);

    /** The first record that arrived at that time or later. */
    public static StartPosition at(long timestampMs) {
        return new StartPosition(timestampMs);
    }

    Instant timestamp() {
        return timestampMs == null ? null : Instant.ofEpochMilli(timestampMs);
    }

    ShardIteratorType iteratorType() {
        return timestampMs == null ? ShardIteratorType.TRIM_HORIZON : ShardIteratorType.AT_TIMESTAMP;
    }
}
