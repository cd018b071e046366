package spillway.kinesis.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.connector.base.sink.writer.ResultHandler;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import spillway.kinesis.client.Backoff;
import spillway.kinesis.client.Failure;
import spillway.kinesis.client.KinesisStream;

/**
 * Makes the PutRecords calls on threads of its own and says which records must be tried again.
 *
 * <p>A refused record is tried again after a pause for as long as it takes: while it is, its place among the calls
 * under way stays taken, the buffer fills, and Flink slows the job down. What would never work fails the job, and with
 * `sink.fail-on-error` any refusal does.
 */
final class RecordPutter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RecordPutter.class);

    private static final long BACKOFF_LEAST_MS = 100;
    private static final long BACKOFF_MOST_MS = 5_000;
    private static final long CLOSE_PATIENCE_MS = 5_000;

    private final KinesisStream stream;
    private final KinesisClient client;
    private final ScheduledExecutorService threads;
    private final Backoff backoff = new Backoff(BACKOFF_LEAST_MS, BACKOFF_MOST_MS, Math::random);

    private final boolean failOnError;
    /** Records that were refused, each time they were. Threads share it. */
    private final Counter refusals;

    RecordPutter(KinesisStream stream, KinesisClient client, SinkSettings settings, Counter refusals) {
        this.stream = stream;
        this.client = client;
        this.failOnError = settings.failOnError();
        this.refusals = refusals;
        this.threads =
                Executors.newScheduledThreadPool(
                        settings.callsAtOnce(),
                        task -> {
                            Thread thread = new Thread(task, "kinesis-putter-" + stream.name());
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /** Returns at once; the handler hears how it went from another thread. */
    void put(List<PutEntry> entries, ResultHandler<PutEntry> handler) {
        threads.execute(() -> attempt(entries, handler));
    }

    private void attempt(List<PutEntry> entries, ResultHandler<PutEntry> handler) {
        try {
            settle(entries, client.putRecords(requestOf(entries)), handler);
        } catch (SdkException e) {
            if (Failure.of(e) == Failure.FATAL) {
                handler.completeExceptionally(
                        new PutFailedException(
                                "records cannot be written to " + stream.arn() + ": " + e.getMessage()
                                        + "; see that the stream exists and that the application may call"
                                        + " kinesis:PutRecords",
                                e));
                return;
            }
            refused(entries, entries.size(), e.toString(), e, handler);
        } catch (RuntimeException e) {
            handler.completeExceptionally(e);
        }
    }

    private PutRecordsRequest requestOf(List<PutEntry> entries) {
        return PutRecordsRequest.builder()
                .streamARN(stream.arn())
                .records(
                        entries.stream()
                                .map(
                                        entry ->
                                                PutRecordsRequestEntry.builder()
                                                        .partitionKey(entry.partitionKey())
                                                        .data(SdkBytes.fromByteArrayUnsafe(entry.data()))
                                                        .build())
                                .toList())
                .build();
    }

    /** The results stand in the order of the records; one with an error code was not written. */
    private void settle(List<PutEntry> entries, PutRecordsResponse response, ResultHandler<PutEntry> handler) {
        List<PutRecordsResultEntry> results = response.records();
        List<PutEntry> refused = new ArrayList<>();
        String reason = null;
        for (int i = 0; i < entries.size(); i++) {
            if (results.get(i).errorCode() != null) {
                refused.add(entries.get(i));
                reason = results.get(i).errorCode();
            }
        }
        if (refused.isEmpty()) {
            synchronized (backoff) {
                backoff.reset();
            }
            handler.complete();
            return;
        }
        refused(refused, entries.size(), reason, null, handler);
    }

    private void refused(
            List<PutEntry> refused, int tried, String reason, Exception cause, ResultHandler<PutEntry> handler) {
        synchronized (refusals) {
            refusals.inc(refused.size());
        }
        String said = refused.size() + " of " + tried + " records were refused by " + stream.arn() + " (" + reason + ")";
        if (failOnError) {
            handler.completeExceptionally(new PutFailedException(said + ", and sink.fail-on-error is true", cause));
            return;
        }
        LOG.warn("{}, trying again", said);
        long waitMs;
        synchronized (backoff) {
            waitMs = backoff.nextMs();
        }
        threads.schedule(() -> handler.retryForEntries(refused), waitMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("A call to {} is still under way; it ends with its timeout", stream.arn());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
