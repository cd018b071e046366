package spillway.kinesis.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import spillway.kinesis.source.ShardWatermarks.Announcement;

class ShardWatermarksTest {

    private static final long T = 1_700_000_000_000L;
    private static final long NONE = ShardWatermarks.NONE;

    /** Idle after 1 s, given up after 60 s. */
    private final ShardWatermarks watermarks =
            new ShardWatermarks(
                    new SourceSettings(
                            Duration.ofSeconds(10),
                            Duration.ofMillis(500),
                            1_000,
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(60)));

    @Test
    void aReaderWithoutShardsIsIdle() {
        assertEquals(idleAt(NONE), watermarks.announce());
    }

    @Test
    void aReaderThatIsHeldIsNotIdleEvenWithoutShards() {
        watermarks.hold(true);
        assertEquals(activeAt(NONE), watermarks.announce());
    }

    @Test
    void aShardThatWasNotReadYetHoldsTheWatermark() {
        watermarks.assigned("a", ShardSplit.NONE, T);
        records("b", T, T - 5_000);
        assertEquals(activeAt(NONE), watermarks.announce());
    }

    @Test
    void theSlowestShardCounts() {
        records("a", T, T - 50_000);
        records("b", T, T);
        assertEquals(activeAt(T - 50_000), watermarks.announce());
        watermarks.watermark("a", T - 20_000);
        assertEquals(activeAt(T - 20_000), watermarks.announce());
    }

    @Test
    void aShardsWatermarkNeverGoesBack() {
        records("a", T, T);
        watermarks.watermark("a", T - 9_000);
        assertEquals(activeAt(T), watermarks.announce());
    }

    @Test
    void aShardAtItsTipIsWaitedForUntilTheIdleTimeout() {
        records("a", T, T - 50_000);
        records("b", T, T);
        atTip("a", T + 999);
        assertEquals(activeAt(T - 50_000), watermarks.announce());
        atTip("a", T + 1_000);
        assertEquals(activeAt(T), watermarks.announce());
    }

    @Test
    void aShardBehindItsTipIsWaitedForHoweverLong() {
        records("a", T, T - 50_000);
        records("b", T, T);
        watermarks.read("a", false, 1, T + 50_000);
        moreRecords("b", T + 50_000);
        assertEquals(activeAt(T - 50_000), watermarks.announce());
    }

    @Test
    void aReadThatBringsRecordsIsNotAtTheTipEvenIfNothingIsBehindIt() {
        records("a", T, T - 50_000);
        records("b", T, T);
        watermarks.read("a", true, 0, T + 40_000);
        assertEquals(activeAt(T - 50_000), watermarks.announce());
    }

    @Test
    void timeThatPassesWithoutAReadDoesNotMakeAShardIdle() {
        records("a", T, T - 50_000);
        atTip("a", T + 10);
        records("b", T + 20_000, T + 20_000);
        assertEquals(activeAt(T - 50_000), watermarks.announce());
    }

    @Test
    void whenAnIdleShardComesBackTheWatermarkStaysUntilItHasCaughtUp() {
        records("a", T, T - 50_000);
        records("b", T, T);
        atTip("a", T + 1_000);
        assertEquals(activeAt(T), watermarks.announce());

        watermarks.read("a", true, 0, T + 2_000);
        watermarks.watermark("a", T - 3_000);
        moreRecords("b", T + 2_000);
        assertEquals(activeAt(T), watermarks.announce());
        watermarks.watermark("a", T + 1_000);
        assertEquals(activeAt(T + 1_000), watermarks.announce());
    }

    @Test
    void aShardIsWaitedForAgainBeforeItsFirstRecordAfterAPause() {
        records("a", T, T - 5_000);
        assertEquals(activeAt(T - 5_000), watermarks.announce());
        atTip("a", T + 1_000);
        assertEquals(idleAt(T - 5_000), watermarks.announce());
        watermarks.read("a", true, 0, T + 2_000);
        assertEquals(activeAt(T - 5_000), watermarks.announce());
    }

    @Test
    void aShardThatCannotBeReadIsWaitedForUntilTheLagTimeout() {
        records("a", T, T - 50_000);
        records("b", T, T);
        watermarks.unreadable("a", 59_999, T + 59_999);
        assertEquals(activeAt(T - 50_000), watermarks.announce());
        watermarks.unreadable("a", 60_000, T + 60_000);
        assertEquals(activeAt(T), watermarks.announce());
    }

    @Test
    void aShardThatCanBeReadAgainIsWaitedForAgain() {
        records("a", T, T - 50_000);
        records("b", T, T);
        watermarks.unreadable("a", 60_000, T + 60_000);
        assertEquals(activeAt(T), watermarks.announce());
        watermarks.read("a", false, 80_000, T + 61_000);
        moreRecords("b", T + 61_000);
        assertEquals(activeAt(T), watermarks.announce());
    }

    @Test
    void anIdleShardIsWaitedForWhenItCannotBeReadAnyMore() {
        records("a", T, T - 50_000);
        records("b", T, T);
        atTip("a", T + 1_000);
        watermarks.unreadable("a", 0, T + 1_500);
        moreRecords("b", T + 1_500);
        assertEquals(activeAt(T - 50_000), watermarks.announce());
    }

    @Test
    void aFinishedShardLeavesTheMinimum() {
        records("a", T, T - 50_000);
        records("b", T, T);
        watermarks.finished("a", T);
        assertEquals(activeAt(T), watermarks.announce());
        watermarks.finished("b", T);
        assertEquals(idleAt(T), watermarks.announce());
    }

    @Test
    void theEndOfAShardMovesNothingWhileItsChildrenAreAwaited() {
        records("parent", T, T - 50_000);
        records("b", T, T);
        watermarks.hold(true);
        watermarks.finished("parent", T);
        assertEquals(NONE, watermarks.announce().watermark());

        watermarks.assigned("child", ShardSplit.NONE, T + 100);
        watermarks.hold(false);
        assertEquals(activeAt(NONE), watermarks.announce());
        watermarks.read("child", true, 0, T + 200);
        watermarks.watermark("child", T - 49_000);
        assertEquals(activeAt(T - 49_000), watermarks.announce());
    }

    @Test
    void anIdleReaderGoesAlongWithTheOthers() {
        records("a", T, T - 6_000);
        watermarks.allow(T + 500, T + 1_000);
        assertEquals(activeAt(T - 6_000), watermarks.announce(), "not idle yet");
        atTip("a", T + 1_000);
        assertEquals(idleAt(T + 500), watermarks.announce());
        watermarks.allow(T + 100, T + 1_000);
        assertEquals(idleAt(T + 500), watermarks.announce(), "never back");
    }

    @Test
    void aReaderWithoutShardsGoesAlongAtOnce() {
        watermarks.allow(T, T);
        assertEquals(idleAt(T), watermarks.announce());
    }

    @Test
    void whileAReadHangsTheReaderDoesNotGoAlong() {
        records("a", T, T - 6_000);
        atTip("a", T + 1_000);
        watermarks.allow(T + 500, T + 1_900);
        watermarks.allow(T + 7_500, T + 9_000);
        assertEquals(idleAt(T + 500), watermarks.announce(), "what came within two polls of the last read");
        watermarks.read("a", true, 0, T + 9_100);
        watermarks.watermark("a", T - 3_500);
        assertEquals(activeAt(T + 500), watermarks.announce(), "the records that lay there are on time");
    }

    @Test
    void whenTheReadsGoOnTheReaderCatchesUpWithTheOthers() {
        records("a", T, T - 6_000);
        watermarks.announce();
        atTip("a", T + 1_000);
        watermarks.allow(T + 7_500, T + 9_000);
        assertEquals(idleAt(T - 6_000), watermarks.announce());
        atTip("a", T + 9_100);
        assertEquals(idleAt(T + 7_500), watermarks.announce());
    }

    @Test
    void aRestoredReaderStartsWhereItWas() {
        watermarks.restored(T);
        watermarks.hold(true);
        assertEquals(activeAt(T), watermarks.announce());
        watermarks.hold(false);
        records("a", T + 10, T - 6_000);
        assertEquals(activeAt(T), watermarks.announce());
    }

    @Test
    void aReaderThatIsHeldDoesNotGoAlong() {
        watermarks.allow(T, T);
        watermarks.hold(true);
        assertEquals(activeAt(NONE), watermarks.announce());
    }

    @Test
    void whenAReaderThatWentAlongHasRecordsItStaysWhereItWent() {
        anIdleReaderGoesAlongWithTheOthers();
        watermarks.read("a", true, 0, T + 2_000);
        watermarks.watermark("a", T - 3_000);
        watermarks.allow(T + 9_000, T + 2_000);
        assertEquals(activeAt(T + 500), watermarks.announce());
    }

    @Test
    void theProgressTellsWhatSilenceIsJudgedBy() {
        records("a", T, T - 6_000);
        records("b", T + 100, T - 5_000);
        atTip("a", T + 2_000);
        assertEquals(new ReaderProgress(T - 5_000, false, false, T + 100, T + 100, T + 2_000), progress());
        atTip("b", T + 2_100);
        assertEquals(new ReaderProgress(T - 5_000, true, true, T + 100, T + 100, T + 2_100), progress());
        watermarks.unreadable("b", 70_000, T + 2_200);
        assertEquals(new ReaderProgress(T - 5_000, true, false, T + 100, T + 100, T + 2_200), progress());
    }

    @Test
    void theProgressAfterARestoreKnowsTheNewestArrivalOfBefore() {
        watermarks.assigned("a", T - 90_000, T);
        atTip("a", T + 30_000);
        assertEquals(new ReaderProgress(NONE, true, true, T - 90_000, T, T + 30_000), progress());
    }

    private ReaderProgress progress() {
        return watermarks.progress(watermarks.announce());
    }

    private void records(String shardId, long readMs, long watermark) {
        watermarks.assigned(shardId, ShardSplit.NONE, readMs);
        watermarks.read(shardId, true, 0, readMs);
        watermarks.record(shardId, readMs);
        watermarks.watermark(shardId, watermark);
    }

    private void moreRecords(String shardId, long readMs) {
        watermarks.read(shardId, true, 0, readMs);
        watermarks.record(shardId, readMs);
        watermarks.watermark(shardId, readMs);
    }

    private void atTip(String shardId, long readMs) {
        watermarks.read(shardId, false, 0, readMs);
    }

    private static Announcement activeAt(long watermark) {
        return new Announcement(watermark, false);
    }

    private static Announcement idleAt(long watermark) {
        return new Announcement(watermark, true);
    }
}
