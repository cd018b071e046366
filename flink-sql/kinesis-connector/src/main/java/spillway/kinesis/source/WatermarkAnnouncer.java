package spillway.kinesis.source;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import spillway.kinesis.source.ShardWatermarks.Announcement;

/**
 * Tells Flink what {@link ShardWatermarks} says.
 *
 * <p>An output that was marked idle becomes active again by {@code markActive} or by a watermark higher than all
 * before; a row, or a watermark that is not higher, leaves it idle (FLINK-40504), and downstream does not wait for it.
 * So this says active explicitly, and the reader announces before the first row after a pause.
 */
final class WatermarkAnnouncer {

    private long told = ShardWatermarks.NONE;
    private Boolean idle;

    void announce(Announcement announcement, WatermarkOutput output) {
        if (announcement.watermark() > told) {
            told = announcement.watermark();
            output.emitWatermark(new Watermark(told));
            // The watermark itself has made the output active.
            idle = false;
        }
        if (idle == null || idle != announcement.idle()) {
            idle = announcement.idle();
            if (idle) {
                output.markIdle();
            } else {
                output.markActive();
            }
        }
    }
}
