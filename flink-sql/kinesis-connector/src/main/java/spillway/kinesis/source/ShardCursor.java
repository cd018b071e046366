package spillway.kinesis.source;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import spillway.kinesis.client.Backoff;
import spillway.kinesis.client.Failure;
import spillway.kinesis.client.KinesisStream;

/** Reads one shard, from where its split says, and knows when to read it next. */
final class ShardCursor {

    private static final Logger LOG = LoggerFactory.getLogger(ShardCursor.class);

    private static final long BACKOFF_LEAST_MS = 200;
    private static final long BACKOFF_MOST_MS = 5_000;

    /** For how long network and service may fail before the job is restarted, so that it shows. */
    private static final long GIVE_UP_AFTER_MS = 300_000;

    /** How soon to look again into a gap: Kinesis gives empty answers while it looks for the next record. */
    private static final long GAP_INTERVAL_MS = 200;

    private final KinesisStream stream;
    private final String shardId;
    private final StartPosition start;
    private final long pollIntervalMs;
    private final int recordsPerRead;
    private final Backoff backoff = new Backoff(BACKOFF_LEAST_MS, BACKOFF_MOST_MS, Math::random);
    private String lastSequenceNumber;
    private String iterator;
    private Long failingSinceMs;
    private long nextReadMs = 0;

    ShardCursor(KinesisStream stream, ShardSplit split, SourceSettings settings) {
        this.stream = stream;
        this.shardId = split.shardId();
        this.start = split.start();
        this.lastSequenceNumber = split.lastSequenceNumber();
        this.pollIntervalMs = settings.pollInterval().toMillis();
        this.recordsPerRead = settings.recordsPerRead();
    }

    /** When to read next, epoch milliseconds. */
    long nextReadMs() {
        return nextReadMs;
    }

    /**
     * One attempt to read.
     *
     * @throws ShardReadException if trying again would not help
     */
    ShardReport read(KinesisClient client, long nowMs) {
        try {
            if (iterator == null) {
                iterator = freshIterator(client);
            }
            GetRecordsResponse response =
                    client.getRecords(
                            GetRecordsRequest.builder()
                                    .streamARN(stream.arn())
                                    .shardIterator(iterator)
                                    .limit(recordsPerRead)
                                    .build());
            return accept(response, nowMs);
        } catch (AbortedException e) {
            // The thread was interrupted, which only closing the reader does.
            throw e;
        } catch (SdkException e) {
            return refused(e, nowMs);
        }
    }

    private String freshIterator(KinesisClient client) {
        GetShardIteratorRequest.Builder request =
                GetShardIteratorRequest.builder().streamARN(stream.arn()).shardId(shardId);
        if (lastSequenceNumber != null) {
            request.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                    .startingSequenceNumber(lastSequenceNumber);
        } else {
            request.shardIteratorType(start.iteratorType()).timestamp(start.timestamp());
        }
        return client.getShardIterator(request.build()).shardIterator();
    }

    private ShardReport accept(GetRecordsResponse response, long nowMs) {
        failingSinceMs = null;
        backoff.reset();
        iterator = response.nextShardIterator();
        List<KinesisRecord> records =
                response.records().stream()
                        .map(
                                record ->
                                        new KinesisRecord(
                                                shardId,
                                                record.sequenceNumber(),
                                                record.approximateArrivalTimestamp().toEpochMilli(),
                                                // Nobody else has the response, so its bytes need no copy.
                                                record.data().asByteArrayUnsafe()))
                        .toList();
        if (!records.isEmpty()) {
            lastSequenceNumber = records.get(records.size() - 1).sequenceNumber();
        }
        long behindMs = response.millisBehindLatest() == null ? 0 : response.millisBehindLatest();
        boolean inGap = records.isEmpty() && behindMs > 0;
        nextReadMs = nowMs + (inGap ? Math.min(GAP_INTERVAL_MS, pollIntervalMs) : pollIntervalMs);
        return new ShardReport.Read(shardId, nowMs, records, behindMs, iterator == null);
    }

    private ShardReport refused(SdkException thrown, long nowMs) {
        Failure failure = Failure.of(thrown);
        if (failingSinceMs == null) {
            failingSinceMs = nowMs;
        }
        long failingForMs = nowMs - failingSinceMs;
        String where = "shard " + shardId + " of " + stream.arn();
        switch (failure) {
            case ITERATOR_EXPIRED -> {
                LOG.info("The iterator of {} has expired; reading goes on after {}", where, lastSequenceNumber);
                iterator = null;
                nextReadMs = nowMs + backoff.nextMs();
            }
            case THROTTLED -> {
                LOG.debug("Kinesis asks for patience with {}", where, thrown);
                nextReadMs = nowMs + backoff.nextMs();
            }
            case TRANSIENT -> {
                if (failingForMs >= GIVE_UP_AFTER_MS) {
                    throw new ShardReadException(
                            where + " could not be read for " + failingForMs / 1000
                                    + " s; see the cause, and whether the endpoint can be reached from here", thrown);
                }
                LOG.warn("{} could not be read, trying again: {}", where, thrown.toString());
                nextReadMs = nowMs + backoff.nextMs();
            }
            case FATAL ->
                    throw new ShardReadException(
                            where + " cannot be read: " + thrown.getMessage()
                                    + "; see that the stream exists and that the application may read it"
                                    + " (kinesis:ListShards, GetShardIterator, GetRecords)", thrown);
        }
        return new ShardReport.Unreadable(shardId, nowMs, failingForMs);
    }
}
