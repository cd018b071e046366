package spillway.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.table.data.RowData;

/**
 * What the source of a run delivers, in one order, with the watermark after each record. It lies in a map by the name of
 * the run: Flink makes its sources from texts, and its tasks run in this JVM.
 */
abstract class Feed {

    /** A place in the feed at which the source waits until it is told to go on. */
    static final class Gate {
        final long before;
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch opened = new CountDownLatch(1);

        Gate(long before) {
            this.before = before;
        }

        void open() {
            opened.countDown();
        }
    }

    private static final Map<String, Feed> FEEDS = new ConcurrentHashMap<>();

    private final Map<Long, Gate> gates = new ConcurrentHashMap<>();

    abstract long size();

    /** The row of the table usage, with these metadata columns after it. */
    abstract RowData row(long index, List<String> metadataKeys);

    /** In epoch milliseconds, once that record is delivered. */
    abstract long watermarkAfter(long index);

    final Gate gateBefore(long index) {
        return gates.computeIfAbsent(index, Gate::new);
    }

    final Gate gate(long index) {
        return gates.get(index);
    }

    final void register(String run) {
        FEEDS.put(run, this);
    }

    static void forget(String run) {
        FEEDS.remove(run);
    }

    static Feed of(String run) {
        return FEEDS.get(run);
    }
}
