package spillway.kinesis.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** A bounded queue from the fetcher's thread to Flink's, which must never block. */
final class Handover {

    private final int capacity;
    private final Deque<ShardReport> reports = new ArrayDeque<>();
    private CompletableFuture<Void> availability = new CompletableFuture<>();
    private Throwable failure;

    Handover(int capacity) {
        this.capacity = capacity;
    }

    /** Waits for room: that is how back-pressure reaches Kinesis. */
    synchronized void put(ShardReport report) throws InterruptedException {
        while (reports.size() >= capacity) {
            wait();
        }
        reports.add(report);
        availability.complete(null);
    }

    /** Fails the reader; what was handed over before is lost to it, and read again after the restart. */
    synchronized void fail(Throwable cause) {
        failure = cause;
        availability.complete(null);
    }

    /** Has the reader look again though no report has come. */
    synchronized void wake() {
        availability.complete(null);
    }

    /** The next report, or null. */
    synchronized ShardReport poll() throws Exception {
        if (failure instanceof Exception exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        ShardReport report = reports.poll();
        if (reports.isEmpty()) {
            availability = new CompletableFuture<>();
        }
        if (report != null) {
            notifyAll();
        }
        return report;
    }

    /** Completes when {@link #poll} has something to say. */
    synchronized CompletableFuture<Void> availability() {
        return availability;
    }
}
