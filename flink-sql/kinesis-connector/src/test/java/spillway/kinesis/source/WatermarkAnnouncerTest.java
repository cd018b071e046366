package spillway.kinesis.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.streaming.api.operators.source.TimestampsAndWatermarks;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve;
import org.apache.flink.util.clock.SystemClock;
import org.junit.jupiter.api.Test;
import spillway.kinesis.source.ShardWatermarks.Announcement;

/** Against Flink's own output of a source with `noWatermarks()`, and its own merging of two inputs. */
class WatermarkAnnouncerTest {

    private final WatermarkAnnouncer announcer = new WatermarkAnnouncer();

    @Test
    void theSameTwiceIsSaidOnce() {
        Downstream downstream = new Downstream();
        ReaderOutput<String> output = outputTo(downstream);
        announcer.announce(new Announcement(100, false), output);
        announcer.announce(new Announcement(100, false), output);
        announcer.announce(new Announcement(100, true), output);
        announcer.announce(new Announcement(100, true), output);
        assertEquals(List.of("watermark 100", "IDLE"), downstream.seen);
    }

    @Test
    void aReaderWithNothingToReadIsIdleFromTheStart() {
        Downstream downstream = new Downstream();
        announcer.announce(new Announcement(ShardWatermarks.NONE, true), outputTo(downstream));
        assertEquals(List.of("IDLE"), downstream.seen);
    }

    @Test
    void aWatermarkAfterASilenceIsSaidBetweenTwoTimesIdle() {
        Downstream downstream = new Downstream();
        ReaderOutput<String> output = outputTo(downstream);
        announcer.announce(new Announcement(100, true), output);
        announcer.announce(new Announcement(200, true), output);
        assertEquals(List.of("watermark 100", "IDLE", "ACTIVE", "watermark 200", "IDLE"), downstream.seen);
    }

    @Test
    void whatComesAfterAPauseIsActiveThoughItsWatermarkDoesNotAdvance() {
        Downstream downstream = new Downstream();
        ReaderOutput<String> output = outputTo(downstream);
        announcer.announce(new Announcement(100, true), output);
        announcer.announce(new Announcement(100, false), output);
        output.collect("row");
        assertEquals(List.of("watermark 100", "IDLE", "ACTIVE", "row"), downstream.seen);
    }

    @Test
    void flinkWouldLeaveAnOutputIdleThatOnlyGivesRowsAndOldWatermarks() {
        Downstream downstream = new Downstream();
        ReaderOutput<String> output = outputTo(downstream);
        announcer.announce(new Announcement(100, true), output);
        output.collect("row");
        output.emitWatermark(new Watermark(100));
        assertEquals(List.of("watermark 100", "IDLE", "row"), downstream.seen);
    }

    @Test
    void afterAPauseTheOperatorBehindWaitsForThisReaderAgain() {
        StatusWatermarkValve valve = new StatusWatermarkValve(2);
        Downstream operator = new Downstream();
        ReaderOutput<String> output = outputTo(new Downstream(valve, 0, operator));
        ReaderOutput<String> other = outputTo(new Downstream(valve, 1, operator));
        WatermarkAnnouncer otherAnnouncer = new WatermarkAnnouncer();

        announcer.announce(new Announcement(100, true), output);
        otherAnnouncer.announce(new Announcement(100, false), other);
        announcer.announce(new Announcement(100, false), output);
        otherAnnouncer.announce(new Announcement(900, false), other);
        assertEquals(List.of("watermark 100"), operator.seen, "the other is ahead and has to wait");

        announcer.announce(new Announcement(300, false), output);
        assertEquals(List.of("watermark 100", "watermark 300"), operator.seen);
    }

    private static ReaderOutput<String> outputTo(Downstream downstream) {
        return TimestampsAndWatermarks.createProgressiveEventTimeLogic(
                        WatermarkStrategy.<String>noWatermarks(),
                        UnregisteredMetricGroups.createUnregisteredOperatorMetricGroup(),
                        null,
                        0,
                        SystemClock.getInstance(),
                        SystemClock.getInstance(),
                        UnregisteredMetricGroups.createUnregisteredTaskMetricGroup().getIOMetricGroup())
                .createMainOutput(downstream, new NoListener());
    }

    private static final class NoListener implements TimestampsAndWatermarks.WatermarkUpdateListener {
        @Override
        public void updateIdle(boolean idle) {}

        @Override
        public void updateCurrentEffectiveWatermark(long watermark) {}

        @Override
        public void updateCurrentSplitWatermark(String splitId, long watermark) {}

        @Override
        public void updateCurrentSplitIdle(String splitId, boolean idle) {}

        @Override
        public void splitFinished(String splitId) {}
    }
}
