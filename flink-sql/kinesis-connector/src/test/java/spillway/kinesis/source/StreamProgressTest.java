package spillway.kinesis.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamProgressTest {

    private static final long T = 1_700_000_000_000L;
    private static final long NONE = ShardWatermarks.NONE;

    private final StreamProgress progress = new StreamProgress(Duration.ofSeconds(30));

    @Test
    void theLowestOfThoseWithSomethingToReadCounts() {
        progress.reported(0, active(T + 500));
        progress.reported(1, active(T + 100));
        progress.reported(2, idle(T - 90_000, T));
        assertEquals(T + 100, progress.allowed(3));
        assertTrue(progress.isIdle(2));
        assertFalse(progress.isIdle(1));
    }

    @Test
    void aReaderThatHasNotReportedIsWaitedFor() {
        progress.reported(0, active(T));
        assertEquals(NONE, progress.allowed(2));
        progress.reported(1, idle(NONE, T));
        assertEquals(T, progress.allowed(2));
    }

    @Test
    void aReaderThatComesAgainIsWaitedForAgain() {
        progress.reported(0, active(T));
        progress.reported(1, idle(NONE, T));
        progress.registered(1);
        assertEquals(NONE, progress.allowed(2));
        assertFalse(progress.isIdle(1));
    }

    @Test
    void aReaderThatHasSeenNoRecordYetHoldsTheOthers() {
        progress.reported(0, active(NONE));
        progress.reported(1, idle(T, T));
        assertEquals(NONE, progress.allowed(2));
    }

    @Test
    void whenAllAreIdleTimeStandsUntilTheSilence() {
        progress.reported(0, idle(T - 6_000, T + 29_999));
        assertEquals(NONE, progress.allowed(1));
    }

    @Test
    void silenceFollowsTheClockAtItsDistance() {
        progress.reported(0, idle(T - 6_000, T + 30_000));
        assertEquals(T, progress.allowed(1));
        progress.reported(0, idle(T - 6_000, T + 30_300));
        assertEquals(T + 300, progress.allowed(1));
    }

    @Test
    void silenceDoesNotPassTheNewestArrivalByMoreThanASecond() {
        progress.reported(0, idle(T - 6_000, T + 900_000));
        assertEquals(T - 200 + 1_000, progress.allowed(1));
    }

    @Test
    void theNewestOfAllReadersDecidesWhenSilenceBegins() {
        progress.reported(0, idle(T - 6_000, T + 900_000));
        progress.reported(1, new ReaderProgress(T, true, true, T + 880_000, T + 880_000, T + 900_000));
        assertEquals(NONE, progress.allowed(2));
    }

    @Test
    void oneShardThatIsNotAtItsTipKeepsAllFromSilence() {
        progress.reported(0, idle(T - 6_000, T + 40_000));
        progress.reported(1, new ReaderProgress(T, true, false, T, T, T + 40_000));
        assertEquals(NONE, progress.allowed(2));
    }

    @Test
    void withoutAnyRecordSeenThereIsNoSilence() {
        progress.reported(0, new ReaderProgress(NONE, true, true, NONE, T, T + 900_000));
        progress.reported(1, new ReaderProgress(NONE, true, true, NONE, NONE, NONE));
        assertEquals(NONE, progress.allowed(2));
    }

    @Test
    void silenceCanBeTurnedOff() {
        StreamProgress never = new StreamProgress(Duration.ZERO);
        never.reported(0, idle(T - 6_000, T + 900_000));
        assertEquals(NONE, never.allowed(1));
    }

    private static ReaderProgress active(long watermark) {
        return new ReaderProgress(watermark, false, false, T, T, T);
    }

    /** At its tip; its newest record arrived 200 ms before T and was read at T. */
    private static ReaderProgress idle(long watermark, long nowMs) {
        return new ReaderProgress(watermark, true, true, T - 200, T, nowMs);
    }
}
