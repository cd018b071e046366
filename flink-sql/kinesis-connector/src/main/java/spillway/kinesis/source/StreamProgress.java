package spillway.kinesis.source;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * How far all readers of the stream are together, so that those which have nothing to read can go along.
 *
 * <p>Flink's own way, to mark an output idle, loses rows: when all outputs were idle and one is active again, the
 * operator behind takes its watermark alone, and what the other one sends a moment later is behind it. So no reader is
 * ever marked idle. An idle one takes its watermark to the lowest of the others' instead, and judges by that watermark,
 * too, whether what it reads next is late.
 *
 * <p>Knows no clock; the times are the readers'.
 */
final class StreamProgress {

    /** A second of event time is closed when the watermark has passed its end. */
    private static final long ONE_SECOND_MS = 1_000;

    private final long silenceMs;
    private final Map<Integer, ReaderProgress> readers = new HashMap<>();

    /** @param silence without a record in any shard, after which time moves on by the clock; zero for never */
    StreamProgress(Duration silence) {
        silenceMs = silence.toMillis();
    }

    /** The reader is lost, or new: it is waited for until it reports. */
    void registered(int subtask) {
        readers.remove(subtask);
    }

    void reported(int subtask, ReaderProgress progress) {
        readers.put(subtask, progress);
    }

    boolean isIdle(int subtask) {
        ReaderProgress progress = readers.get(subtask);
        return progress != null && progress.idle();
    }

    /**
     * Up to where idle readers may take their watermark; {@link ShardWatermarks#NONE} while that is not known.
     *
     * @param parallelism how many readers there are
     */
    long allowed(int parallelism) {
        if (readers.size() < parallelism) {
            return ShardWatermarks.NONE;
        }
        return readers.values().stream()
                .filter(reader -> !reader.idle())
                .mapToLong(ReaderProgress::watermark)
                .min()
                .orElseGet(this::afterSilence);
    }

    /**
     * In silence, lets the last seconds that were seen be judged. The watermark does not simply follow the clock: when
     * the sender comes back from an outage it sends what it has missed, and all of that would be late. One second past
     * the newest arrival is enough to close every second that was seen.
     */
    private long afterSilence() {
        Collection<ReaderProgress> all = readers.values();
        long newestArrivalMs = newest(all.stream().mapToLong(ReaderProgress::newestArrivalMs));
        long lastRecordMs = newest(all.stream().mapToLong(ReaderProgress::lastRecordMs));
        long nowMs = newest(all.stream().mapToLong(ReaderProgress::nowMs));
        boolean allAtTip = all.stream().allMatch(ReaderProgress::atTip);
        if (silenceMs == 0 || !allAtTip || newestArrivalMs == ShardWatermarks.NONE || nowMs - lastRecordMs < silenceMs) {
            return ShardWatermarks.NONE;
        }
        return Math.min(nowMs - silenceMs, newestArrivalMs + ONE_SECOND_MS);
    }

    private static long newest(LongStream times) {
        return times.max().orElse(ShardWatermarks.NONE);
    }
}
