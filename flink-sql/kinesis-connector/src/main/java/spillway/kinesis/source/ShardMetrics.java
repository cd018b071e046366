package spillway.kinesis.source;

import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import spillway.kinesis.client.KinesisStream;

/**
 * `millisBehindLatest` of one shard, in the groups that the official connector has it in:
 * {@code KinesisStreamSource.accountId.<id>.region.<region>.stream.<name>.shardId.<id>}.
 *
 * <p>It is there from the first answer on, which is the first that tells it, until the shard has been read to its end:
 * the last value of a closed shard would look like a lag for ever.
 */
final class ShardMetrics {

    private final MetricGroup reader;
    private final KinesisStream stream;
    private final String shardId;
    private MetricGroup shard;
    private volatile long millisBehindLatest;

    ShardMetrics(MetricGroup reader, KinesisStream stream, String shardId) {
        this.reader = reader;
        this.stream = stream;
        this.shardId = shardId;
    }

    /** As GetRecords said. */
    void behind(long millis) {
        millisBehindLatest = millis;
        if (shard == null) {
            shard =
                    reader.addGroup("KinesisStreamSource")
                            .addGroup("accountId", stream.account())
                            .addGroup("region", stream.region())
                            .addGroup("stream", stream.name())
                            .addGroup("shardId", shardId);
            shard.gauge("millisBehindLatest", () -> millisBehindLatest);
        }
    }

    /** The shard is not read any more. */
    void close() {
        if (shard instanceof AbstractMetricGroup<?> group) {
            group.close();
        }
        shard = null;
    }
}
