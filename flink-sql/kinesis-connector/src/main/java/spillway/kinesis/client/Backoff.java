package spillway.kinesis.client;

import java.util.function.DoubleSupplier;

/** How long to wait before the next attempt: doubling from the least to the most, with jitter, until a success. */
public final class Backoff {

    private final long leastMs;
    private final long mostMs;
    private final DoubleSupplier random;
    private int failures;

    /** @param random numbers in [0, 1), so that readers which were refused together do not come back together */
    public Backoff(long leastMs, long mostMs, DoubleSupplier random) {
        this.leastMs = leastMs;
        this.mostMs = mostMs;
        this.random = random;
    }

    /** Milliseconds to wait after one more failure: between half of the present bound and all of it. */
    public long nextMs() {
        long bound = Math.min(mostMs, leastMs << Math.min(failures, 20));
        failures++;
        return bound / 2 + (long) (random.getAsDouble() * (bound - bound / 2));
    }

    /** After a success. */
    public void reset() {
        failures = 0;
    }
}
