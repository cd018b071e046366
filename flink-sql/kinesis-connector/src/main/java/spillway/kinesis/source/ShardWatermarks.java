package spillway.kinesis.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The watermark of one reader: the lowest of its shards', leaving out those that are not waited for.
 *
 * <p>Knows no clock: the times passed in are when a shard was read, not when the result is worked off. Between the two
 * lies back-pressure, which must not make a shard look idle.
 */
final class ShardWatermarks {

    /** So many wait for a read to confirm them; more only come while reads hang. */
    private static final int MOST_ALLOWANCES = 1_000;

    /** No event has been seen. */
    static final long NONE = Long.MIN_VALUE;

    /**
     * Where the reader stands.
     *
     * @param watermark for downstream: epoch milliseconds of event time, {@link #NONE} if there is none; never lower
     *     than the last one
     * @param idle whether none of its shards is waited for, so that it goes along with the other readers
     */
    record Announcement(long watermark, boolean idle) {}

    private record Allowance(long watermark, long receivedMs) {}

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
    private final long freshForMs;
    private final long lagTimeoutMs;
    private final Map<String, Shard> shards = new HashMap<>();
    private boolean held;
    private long combined = NONE;
    private long nowMs = Long.MIN_VALUE;
    private long newestArrivalMs = NONE;
    private long lastRecordMs = Long.MIN_VALUE;
    /** What was allowed when, both rising. */
    private final Deque<Allowance> allowances = new ArrayDeque<>();

    ShardWatermarks(SourceSettings settings) {
        idleTimeoutMs = settings.idleTimeout().toMillis();
        freshForMs = 2 * settings.pollInterval().toMillis();
        lagTimeoutMs = settings.lagTimeout().toMillis();
    }

    /** A shard to wait for from now on, with what is known of its newest record. */
    void assigned(String shardId, long newestArrivalMs, long nowMs) {
        shards.put(shardId, new Shard(nowMs));
        this.newestArrivalMs = Math.max(this.newestArrivalMs, newestArrivalMs);
        advance(nowMs);
        lastRecordMs = Math.max(lastRecordMs, nowMs);
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

    /** What the reader had told before a restore, so that what was late then is late now. */
    void restored(long watermark) {
        combined = Math.max(combined, watermark);
    }

    /**
     * How far the others are: as long as this reader is idle it goes along.
     *
     * @param receivedMs by the clock that reads go by
     */
    void allow(long watermark, long receivedMs) {
        if (allowances.isEmpty() || watermark > allowances.getLast().watermark()) {
            allowances.add(new Allowance(watermark, receivedMs));
        }
        if (allowances.size() > MOST_ALLOWANCES) {
            // The second oldest says as much a little later.
            allowances.removeFirst();
        }
    }

    /** Where the reader stands now. Asking twice does no harm. */
    Announcement announce() {
        if (held) {
            return new Announcement(combined, false);
        }
        long lowest = Long.MAX_VALUE;
        boolean allIdle = true;
        for (Shard shard : shards.values()) {
            if (!isIdle(shard)) {
                allIdle = false;
                lowest = Math.min(lowest, shard.watermark);
            }
        }
        combined = Math.max(combined, allIdle ? allowed() : lowest);
        return new Announcement(combined, allIdle);
    }

    /**
     * The newest allowance that came when all shards had just been read. That a shard stands at its tip is only known of
     * the moment it was read: when a read hangs, records may lie there already that the others' time must not pass.
     */
    private long allowed() {
        long confirmedMs =
                shards.values().stream()
                        .filter(shard -> !shard.unreadable)
                        .mapToLong(shard -> shard.lastReadMs)
                        .min()
                        .orElse(Long.MAX_VALUE - freshForMs);
        long allowed = NONE;
        while (!allowances.isEmpty() && allowances.getFirst().receivedMs() <= confirmedMs + freshForMs) {
            allowed = allowances.removeFirst().watermark();
        }
        return allowed;
    }

    /** What the other readers need to know of an announcement. */
    ReaderProgress progress(Announcement announcement) {
        boolean atTip = shards.values().stream().allMatch(shard -> shard.atTip);
        return new ReaderProgress(
                announcement.watermark(), announcement.idle(), atTip, newestArrivalMs, lastRecordMs, nowMs);
    }

    private boolean isIdle(Shard shard) {
        return shard.unreadable || (shard.atTip && shard.lastReadMs - shard.lastRecordMs >= idleTimeoutMs);
    }

    private void advance(long readMs) {
        nowMs = Math.max(nowMs, readMs);
    }
}
