package spillway.kinesis.live;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a condition, with a bound. */
public final class Eventually {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofMillis(50);

    private Eventually() {}

    /** The first value for which the condition holds; fails with the last value otherwise. */
    public static <T> T holds(String what, Supplier<T> value, Predicate<T> condition) {
        long end = System.nanoTime() + BOUND.toNanos();
        T last = value.get();
        while (!condition.test(last)) {
            if (System.nanoTime() > end) {
                fail("waited " + BOUND.toSeconds() + " s until " + what + "; it is still " + last);
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
            last = value.get();
        }
        return last;
    }
}
