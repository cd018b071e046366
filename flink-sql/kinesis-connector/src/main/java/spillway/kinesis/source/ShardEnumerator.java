package spillway.kinesis.source;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spillway.kinesis.client.Failure;
import spillway.kinesis.client.KinesisStream;

/** Looks for shards from time to time and at the end of each shard, and deals them out to the readers. */
final class ShardEnumerator implements SplitEnumerator<ShardSplit, EnumeratorState> {

    private static final Logger LOG = LoggerFactory.getLogger(ShardEnumerator.class);

    /** For how long the list of shards may be out of reach before the job is restarted, so that it shows. */
    private static final long GIVE_UP_AFTER_MS = 300_000;

    private final SplitEnumeratorContext<ShardSplit> context;
    private final KinesisStream stream;
    private final Duration discoveryInterval;
    private final Callable<List<ListedShard>> listing;
    private final AutoCloseable client;
    private final ShardLedger ledger;
    private final StreamProgress progress;
    /** Up to where each idle reader was told it may take its watermark. */
    private final Map<Integer, Long> allowed = new HashMap<>();
    /** Readers that wait for an answer, and the starts and shard ends they wait for. */
    private final Map<Integer, List<String>> unanswered = new HashMap<>();

    private Long failingSinceMs;

    /**
     * @param listing asks Kinesis for its shards; runs on a thread of its own
     * @param client what listing uses; closed with the enumerator
     */
    ShardEnumerator(
            SplitEnumeratorContext<ShardSplit> context,
            KinesisStream stream,
            SourceSettings settings,
            Callable<List<ListedShard>> listing,
            AutoCloseable client,
            EnumeratorState state) {
        this.context = context;
        this.stream = stream;
        this.discoveryInterval = settings.discoveryInterval();
        this.listing = listing;
        this.client = client;
        this.ledger = new ShardLedger(state);
        this.progress = new StreamProgress(settings.silence());
    }

    @Override
    public void start() {
        context.callAsync(
                listing,
                (shards, thrown) -> {
                    if (listed(shards, thrown) && !unanswered.isEmpty()) {
                        settle();
                    }
                },
                0,
                discoveryInterval.toMillis());
    }

    @Override
    public void addReader(int subtask) {
        // A reader that comes again is a new one, which waits for nothing but its start.
        progress.registered(subtask);
        allowed.remove(subtask);
        unanswered.put(subtask, new ArrayList<>(List.of(AssignmentsSettled.START)));
        settle();
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        if (event instanceof ReaderProgress reader) {
            progress.reported(subtask, reader);
            tellTheIdle();
            return;
        }
        if (!(event instanceof ShardFinished end)) {
            throw new IllegalStateException(
                    "the Kinesis enumerator knows no event " + event + "; this is a bug of the connector");
        }
        LOG.info("Shard {} of {} is closed and read to its end", end.shardId(), stream.arn());
        ledger.finished(end.shardId(), subtask);
        unanswered.computeIfAbsent(subtask, reader -> new ArrayList<>()).add(end.shardId());
        settle();
    }

    private void tellTheIdle() {
        long watermark = progress.allowed(context.currentParallelism());
        for (int subtask : context.registeredReaders().keySet()) {
            if (progress.isIdle(subtask) && watermark > allowed.getOrDefault(subtask, ShardWatermarks.NONE)) {
                allowed.put(subtask, watermark);
                context.sendEventToSourceReader(subtask, new TimeAllowed(watermark));
            }
        }
    }

    /**
     * Answers those who wait with what Kinesis lists from now on: a list that was asked for before a shard ended may
     * not hold its children. Those whose list fails wait for the next look.
     */
    private void settle() {
        Map<Integer, List<String>> waiting = new HashMap<>(unanswered);
        unanswered.clear();
        context.callAsync(
                listing,
                (shards, thrown) -> {
                    if (listed(shards, thrown)) {
                        answer(waiting);
                    } else {
                        waiting.forEach(
                                (subtask, awaited) ->
                                        unanswered.computeIfAbsent(subtask, reader -> new ArrayList<>()).addAll(awaited));
                    }
                });
    }

    private boolean listed(List<ListedShard> shards, Throwable thrown) {
        if (thrown != null) {
            failed(thrown);
            return false;
        }
        failingSinceMs = null;
        ledger.listed(shards);
        dealOut();
        return true;
    }

    private void dealOut() {
        Map<Integer, List<ShardSplit>> assignment = new HashMap<>(ledger.ready(context.currentParallelism()));
        // The others get theirs when they register.
        assignment.keySet().retainAll(context.registeredReaders().keySet());
        if (assignment.isEmpty()) {
            return;
        }
        LOG.info("Shards of {} begin at {}: {}", stream.arn(), ledger.state().start(), assignment);
        context.assignSplits(new SplitsAssignment<>(assignment));
        assignment.values().forEach(splits -> splits.forEach(split -> ledger.assigned(split.shardId())));
    }

    private void answer(Map<Integer, List<String>> waiting) {
        waiting.forEach(
                (subtask, awaited) -> {
                    // One that is gone waits no more; it registers again when it comes back.
                    if (context.registeredReaders().containsKey(subtask)) {
                        awaited.forEach(
                                cause -> context.sendEventToSourceReader(subtask, new AssignmentsSettled(cause)));
                    }
                });
    }

    private void failed(Throwable thrown) {
        Failure failure = thrown instanceof RuntimeException runtime ? Failure.of(runtime) : Failure.FATAL;
        long nowMs = System.currentTimeMillis();
        if (failingSinceMs == null) {
            failingSinceMs = nowMs;
        }
        long failingForMs = nowMs - failingSinceMs;
        if (failure == Failure.FATAL || failingForMs >= GIVE_UP_AFTER_MS) {
            throw new ShardReadException(
                    "the shards of " + stream.arn() + " cannot be listed (for " + failingForMs / 1000 + " s): "
                            + thrown.getMessage()
                            + "; see that the stream exists, that its endpoint can be reached, and that the application"
                            + " may call kinesis:ListShards",
                    thrown);
        }
        LOG.warn(
                "The shards of {} could not be listed, trying again in {}: {}",
                stream.arn(),
                discoveryInterval,
                thrown.toString());
    }

    @Override
    public void addSplitsBack(List<ShardSplit> splits, int subtask) {
        splits.forEach(split -> ledger.returned(split.shardId()));
        progress.registered(subtask);
        allowed.remove(subtask);
        // They are dealt out again when the reader registers again.
    }

    @Override
    public EnumeratorState snapshotState(long checkpointId) {
        return ledger.state();
    }

    @Override
    public void handleSplitRequest(int subtask, String hostname) {
        // Shards are given without being asked for.
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            LOG.warn("The client of {} could not be closed", stream.arn(), e);
        }
    }
}
