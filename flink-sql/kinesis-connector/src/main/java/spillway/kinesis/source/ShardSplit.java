package spillway.kinesis.source;

import java.io.Serializable;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * One shard and how far it has been read; what a checkpoint keeps of it.
 *
 * @param start where it begins as long as nothing of it has been read
 * @param lastSequenceNumber of the last record handed on; null before the first
 * @param newestArrivalMs epoch milliseconds at which the newest record handed on arrived in Kinesis, {@link #NONE}
 *     before the first; the silence rule needs it after a restore
 * @param finished whether it is closed and was read to its end
 * @param watermark what its reader had told downstream, {@link #NONE} before it told anything: what was late before a
 *     restore is late after it
 */
public record ShardSplit(
        String shardId, StartPosition start, String lastSequenceNumber, long newestArrivalMs, boolean finished, long watermark)
        implements SourceSplit, Serializable {

    /** No record has arrived. */
    public static final long NONE = Long.MIN_VALUE;

    /** A shard of which nothing has been read. */
    public static ShardSplit unread(String shardId, StartPosition start) {
        return new ShardSplit(shardId, start, null, NONE, false, NONE);
    }

    @Override
    public String splitId() {
        return shardId;
    }
}
