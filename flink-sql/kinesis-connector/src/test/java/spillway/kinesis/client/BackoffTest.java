package spillway.kinesis.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void theWaitDoublesUpToItsBound() {
        Backoff backoff = new Backoff(200, 5_000, () -> 0);
        assertEquals(100, backoff.nextMs());
        assertEquals(200, backoff.nextMs());
        assertEquals(400, backoff.nextMs());
        for (int i = 0; i < 100; i++) {
            assertTrue(backoff.nextMs() <= 5_000);
        }
        assertEquals(2_500, backoff.nextMs());
    }

    @Test
    void aSuccessStartsItAgain() {
        Backoff backoff = new Backoff(200, 5_000, () -> 0);
        backoff.nextMs();
        backoff.nextMs();
        backoff.reset();
        assertEquals(100, backoff.nextMs());
    }

    @Test
    void readersThatFailedTogetherComeBackApart() {
        assertEquals(100, new Backoff(200, 5_000, () -> 0).nextMs());
        assertEquals(199, new Backoff(200, 5_000, () -> 0.99).nextMs());
    }
}
