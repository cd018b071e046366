package spillway.kinesis.source;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.table.data.RowData;

/** One shard inside the reader: how far its records were handed on, and its own watermark. */
final class ShardProgress {

    private static final long NOT_IN_A_CHECKPOINT = -1;

    private final ShardSplit split;
    private final WatermarkGenerator<RowData> generator;
    private final ShardMetrics metrics;
    private final HighestWatermark highest = new HighestWatermark();
    private String lastSequenceNumber;
    private long newestArrivalMs;
    private boolean finished;
    private long finishedSinceCheckpoint = NOT_IN_A_CHECKPOINT;

    /** @param generator of this shard alone: that is what makes watermarks per shard */
    ShardProgress(ShardSplit split, WatermarkGenerator<RowData> generator, ShardMetrics metrics) {
        this.split = split;
        this.generator = generator;
        this.metrics = metrics;
        this.lastSequenceNumber = split.lastSequenceNumber();
        this.newestArrivalMs = split.newestArrivalMs();
        this.finished = split.finished();
    }

    /** What the reader that had the shard before had told downstream. */
    long restoredWatermark() {
        return split.watermark();
    }

    /** After the rows of this record went out. */
    void handedOn(KinesisRecord record) {
        lastSequenceNumber = record.sequenceNumber();
        newestArrivalMs = Math.max(newestArrivalMs, record.arrivalMs());
    }

    /** The shard's watermark after this row, epoch milliseconds of event time. */
    long watermarkAfter(RowData row, long arrivalMs) {
        // A generator speaks on events or periodically, as the table says; asking for both after every row makes no
        // difference to it and leaves no row out.
        generator.onEvent(row, arrivalMs, highest);
        generator.onPeriodicEmit(highest);
        return highest.watermark;
    }

    /** How far behind its tip the shard was read, as GetRecords said. */
    void behind(long millis) {
        metrics.behind(millis);
    }

    /** The shard is closed and its last record was handed on. */
    void finish() {
        finished = true;
        metrics.close();
    }

    boolean isFinished() {
        return finished;
    }

    /**
     * The split for a checkpoint's state.
     *
     * @param toldWatermark what the reader has told downstream
     */
    ShardSplit snapshot(long checkpointId, long toldWatermark) {
        if (finished && finishedSinceCheckpoint == NOT_IN_A_CHECKPOINT) {
            finishedSinceCheckpoint = checkpointId;
        }
        return new ShardSplit(
                split.shardId(), split.start(), lastSequenceNumber, newestArrivalMs, finished, toldWatermark);
    }

    /**
     * Whether the checkpoints from this one on need not hold the shard. The enumerator's part of a checkpoint is taken
     * before the readers': a checkpoint may hold the end of a shard of which its enumerator has not heard yet. A
     * restored reader then tells it again. The enumerator's part of the next one knows it.
     */
    boolean isForgettableAfter(long completedCheckpointId) {
        return finished
                && finishedSinceCheckpoint != NOT_IN_A_CHECKPOINT
                && completedCheckpointId > finishedSinceCheckpoint;
    }

    private static final class HighestWatermark implements WatermarkOutput {
        private long watermark = ShardWatermarks.NONE;

        @Override
        public void emitWatermark(Watermark emitted) {
            watermark = Math.max(watermark, emitted.getTimestamp());
        }

        // Idleness is decided by what Kinesis says of the shard's tip (source.idle-timeout), not by the time since the
        // last row, which back-pressure and slow reads prolong.

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}
    }
}
