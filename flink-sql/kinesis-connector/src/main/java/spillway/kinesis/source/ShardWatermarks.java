package spillway.kinesis.source;

import java.util.HashMap;
import java.util.Map;

/**
 * The watermark of one reader: the lowest of its shards', leaving out those that are not waited for.
 *
 * <p>Knows no clock: the times passed in are when a shard was read, not when the result is worked off. Between the two
 * lies back-pressure, which must not make a shard look idle.
 */
final class ShardWatermarks {

    /** No event has been seen. */
    static final long NONE = Long.MIN_VALUE;

    /** A second of event time is closed when the watermark has passed its end. */
    private static final long ONE_SECOND_MS = 1_000;

    /**
     * What to tell downstream.
     *
     * @param watermark epoch milliseconds of event time, {@link #NONE} if there is none; never lower than the last one
     * @param idle whether downstream should not wait for this reader, after it has taken the watermark
     */
    record Announcement(long watermark, boolean idle) {}

    private static final class Shard {
        private long watermark = NONE;
        private boolean atTip;
        private boolean unreadable;
        private long lastReadMs;
        private long lastRecordMs;

        private Shard(long assignedMs) {
            lastReadMs = assignedMs;
            lastRecordMs = assignedMs;
        }
    }

    private final long idleTimeoutMs;
    private final long silenceMs;
    private final long lagTimeoutMs;
    private final Map<String, Shard> shards = new HashMap<>();
    private boolean held;
    private long combined = NONE;
    private long nowMs = Long.MIN_VALUE;
    private long newestArrivalMs = NONE;
    private long lastRecordMs = Long.MIN_VALUE;
    private boolean silenceTold;

    ShardWatermarks(SourceSettings settings) {
        idleTimeoutMs = settings.idleTimeout().toMillis();
        silenceMs = settings.silence().toMillis();
        lagTimeoutMs = settings.lagTimeout().toMillis();
    }

    /** A shard to wait for from now on, with what is known of its newest record. */
    void assigned(String shardId, long newestArrivalMs, long nowMs) {
        shards.put(shardId, new Shard(nowMs));
        this.newestArrivalMs = Math.max(this.newestArrivalMs, newestArrivalMs);
        advance(nowMs);
        lastRecordMs = Math.max(lastRecordMs, nowMs);
        silenceTold = false;
    }

    /**
     * The shard was read. Comes before its records, so that a shard which was idle is waited for again before the
     * first of them goes out.
     *
     * @param millisBehindLatest as GetRecords said: how far behind its tip the shard was read
     */
    void read(String shardId, boolean hasRecords, long millisBehindLatest, long readMs) {
        Shard shard = shards.get(shardId);
        shard.unreadable = false;
        shard.atTip = millisBehindLatest == 0 && !hasRecords;
        shard.lastReadMs = readMs;
        advance(readMs);
        if (hasRecords) {
            shard.lastRecordMs = readMs;
            lastRecordMs = Math.max(lastRecordMs, readMs);
            silenceTold = false;
        }
    }

    /** A record of the shard was handed on. */
    void record(String shardId, long arrivalMs) {
        newestArrivalMs = Math.max(newestArrivalMs, arrivalMs);
    }

    /** The shard's own watermark, as the table's watermark expression says. A lower one than before changes nothing. */
    void watermark(String shardId, long watermark) {
        Shard shard = shards.get(shardId);
        shard.watermark = Math.max(shard.watermark, watermark);
    }

    /** An attempt to read the shard failed, as all have for this long: where its tip is, is not known any more. */
    void unreadable(String shardId, long failingForMs, long triedMs) {
        Shard shard = shards.get(shardId);
        shard.atTip = false;
        shard.unreadable = failingForMs >= lagTimeoutMs;
        advance(triedMs);
    }

    /** The shard is closed and all its records were handed on. */
    void finished(String shardId, long nowMs) {
        shards.remove(shardId);
        advance(nowMs);
    }

    /** While held, the watermark stays and the reader is not idle: shards are about to be assigned. */
    void hold(boolean held) {
        this.held = held;
    }

    /** What to tell downstream now. Telling the same twice does no harm. */
    Announcement announce() {
        if (held) {
            return new Announcement(combined, false);
        }
        long lowest = Long.MAX_VALUE;
        boolean allIdle = true;
        boolean allAtTip = true;
        for (Shard shard : shards.values()) {
            allAtTip &= shard.atTip;
            if (!isIdle(shard)) {
                allIdle = false;
                lowest = Math.min(lowest, shard.watermark);
            }
        }
        if (!allIdle) {
            combined = Math.max(combined, lowest);
            return new Announcement(combined, false);
        }
        if (!shards.isEmpty() && allAtTip) {
            followTheClock();
        }
        return new Announcement(combined, true);
    }

    private boolean isIdle(Shard shard) {
        return shard.unreadable || (shard.atTip && shard.lastReadMs - shard.lastRecordMs >= idleTimeoutMs);
    }

    /**
     * After a silence, lets the last seconds that were seen be judged. The watermark does not simply follow the clock:
     * when the sender comes back from an outage it sends what it has missed, and all of that would be late. One second
     * past the newest arrival is enough to close every second that was seen.
     */
    private void followTheClock() {
        if (silenceTold || silenceMs == 0 || newestArrivalMs == NONE || nowMs - lastRecordMs < silenceMs) {
            return;
        }
        combined = Math.max(combined, Math.min(nowMs - silenceMs, newestArrivalMs + ONE_SECOND_MS));
        silenceTold = true;
    }

    private void advance(long readMs) {
        nowMs = Math.max(nowMs, readMs);
    }
}
