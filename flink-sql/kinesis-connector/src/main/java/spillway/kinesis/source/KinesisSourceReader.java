package spillway.kinesis.source;

import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;
import spillway.kinesis.client.KinesisStream;

/**
 * Hands the records of its shards on as rows, and the watermark.
 *
 * <p>The table's watermark expression runs here, once per shard. Its output is never marked idle: a reader without
 * anything to read goes along with the others, see {@link StreamProgress}.
 *
 * <p>All methods run on Flink's thread of the task; {@link ShardFetcher} has its own.
 */
final class KinesisSourceReader implements SourceReader<RowData, ShardSplit> {

    /** Least time between two reports of an idle reader, which tell nothing but its clock. */
    private static final long REPORT_INTERVAL_MS = 100;

    /** Reports that wait for Flink, each up to 10 MiB of records. */
    private static final int HANDOVER_CAPACITY = 2;

    private static final CompletableFuture<Void> AVAILABLE = CompletableFuture.completedFuture(null);

    private final SourceReaderContext context;
    private final KinesisStream stream;
    private final RecordDecoder decoder;
    private final WatermarkStrategy<RowData> watermarkStrategy;
    private final Handover handover = new Handover(HANDOVER_CAPACITY);
    private final ShardFetcher fetcher;
    private final ShardWatermarks watermarks;
    private final Map<String, ShardProgress> shards = new LinkedHashMap<>();
    /** What {@link AssignmentsSettled} has not come for yet. */
    private final Set<String> unsettled = new HashSet<>(Set.of(AssignmentsSettled.START));
    private final Counter recordsIn;
    private final Counter bytesIn;
    private final Counter recordsInErrors;
    private long toldWatermark = ShardWatermarks.NONE;
    private ReaderProgress reported;
    private ShardReport.Read current;
    private Iterator<KinesisRecord> records;

    KinesisSourceReader(
            SourceReaderContext context,
            KinesisStream stream,
            RecordDecoder decoder,
            WatermarkStrategy<RowData> watermarkStrategy,
            SourceSettings settings) {
        this.context = context;
        this.stream = stream;
        this.decoder = decoder;
        this.watermarkStrategy = watermarkStrategy;
        this.fetcher = new ShardFetcher(stream, settings, handover);
        this.watermarks = new ShardWatermarks(settings);
        this.recordsIn = context.metricGroup().getIOMetricGroup().getNumRecordsInCounter();
        this.bytesIn = context.metricGroup().getIOMetricGroup().getNumBytesInCounter();
        this.recordsInErrors = context.metricGroup().getNumRecordsInErrorsCounter();
        watermarks.hold(true);
    }

    @Override
    public void start() {
        // Flink gives restored shards before it starts the reader.
        watermarks.restored(shards.values().stream().mapToLong(ShardProgress::restoredWatermark).min().orElse(ShardWatermarks.NONE));
        // A restored shard that is finished: the enumerator may not know it yet, see ShardProgress.
        shards.forEach(
                (shardId, shard) -> {
                    if (shard.isFinished()) {
                        tellFinished(shardId);
                    }
                });
    }

    @Override
    public void addSplits(List<ShardSplit> splits) {
        for (ShardSplit split : splits) {
            ShardProgress shard =
                    new ShardProgress(
                            split,
                            watermarkStrategy.createWatermarkGenerator(new ShardContext(context.metricGroup())),
                            new ShardMetrics(context.metricGroup(), stream, split.shardId()));
            shards.put(split.shardId(), shard);
            if (split.finished()) {
                continue;
            }
            watermarks.assigned(split.shardId(), split.newestArrivalMs(), System.currentTimeMillis());
            fetcher.add(split);
        }
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        if (event instanceof AssignmentsSettled settled) {
            unsettled.remove(settled.awaited());
            watermarks.hold(!unsettled.isEmpty());
        } else if (event instanceof TimeAllowed time) {
            watermarks.allow(time.watermark(), System.currentTimeMillis());
        } else {
            throw new IllegalStateException("the Kinesis reader knows no event " + event + "; this is a bug of the connector");
        }
        // It may have nothing to read: then no report wakes it.
        handover.wake();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<RowData> output) throws Exception {
        if (current == null) {
            begin(handover.poll(), output);
        }
        if (current != null && records.hasNext()) {
            handOn(records.next(), output);
        }
        if (current != null && !records.hasNext()) {
            end(output);
        }
        return current != null || handover.availability().isDone() ? InputStatus.MORE_AVAILABLE : InputStatus.NOTHING_AVAILABLE;
    }

    private void begin(ShardReport report, ReaderOutput<RowData> output) {
        if (report instanceof ShardReport.Unreadable unreadable) {
            watermarks.unreadable(unreadable.shardId(), unreadable.failingForMs(), unreadable.atMs());
        } else if (report instanceof ShardReport.Read read) {
            shards.get(read.shardId()).behind(read.millisBehindLatest());
            watermarks.read(read.shardId(), !read.records().isEmpty(), read.millisBehindLatest(), read.atMs());
            current = read;
            records = read.records().iterator();
        }
        announce(output);
    }

    private void handOn(KinesisRecord record, ReaderOutput<RowData> output) {
        ShardProgress shard = shards.get(record.shardId());
        recordsIn.inc();
        bytesIn.inc(record.data().length);
        RecordDecoder.Rows decoded = decoder.decode(record);
        for (RowData row : decoded.rows()) {
            output.collect(row, record.arrivalMs());
            if (!decoded.malformed()) {
                watermarks.watermark(record.shardId(), shard.watermarkAfter(row, record.arrivalMs()));
            }
        }
        if (decoded.malformed()) {
            recordsInErrors.inc();
        }
        shard.handedOn(record);
        watermarks.record(record.shardId(), record.arrivalMs());
    }

    /** Only after its last record: a watermark between records of one read would make the later ones late. */
    private void end(ReaderOutput<RowData> output) {
        if (current.endOfShard()) {
            shards.get(current.shardId()).finish();
            tellFinished(current.shardId());
            watermarks.finished(current.shardId(), current.atMs());
        }
        current = null;
        records = null;
        announce(output);
    }

    /** Tells downstream the watermark and the enumerator the progress, where they have changed. */
    private void announce(ReaderOutput<RowData> output) {
        ShardWatermarks.Announcement announcement = watermarks.announce();
        if (announcement.watermark() > toldWatermark) {
            toldWatermark = announcement.watermark();
            output.emitWatermark(new Watermark(toldWatermark));
        }
        ReaderProgress progress = watermarks.progress(announcement);
        if (isNews(progress)) {
            reported = progress;
            context.sendSourceEventToCoordinator(progress);
        }
    }

    /** An idle reader goes on reporting: its clock is what tells a silence. */
    private boolean isNews(ReaderProgress progress) {
        return reported == null
                || progress.idle() != reported.idle()
                || progress.watermark() > reported.watermark()
                || (progress.idle() && progress.nowMs() >= reported.nowMs() + REPORT_INTERVAL_MS);
    }

    private void tellFinished(String shardId) {
        unsettled.add(shardId);
        watermarks.hold(true);
        context.sendSourceEventToCoordinator(new ShardFinished(shardId));
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return current != null ? AVAILABLE : handover.availability();
    }

    @Override
    public List<ShardSplit> snapshotState(long checkpointId) {
        return shards.values().stream().map(shard -> shard.snapshot(checkpointId, toldWatermark)).toList();
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        Collection<ShardProgress> all = shards.values();
        all.removeIf(shard -> shard.isForgettableAfter(checkpointId));
    }

    @Override
    public void notifyNoMoreSplits() {
        // Streams do not end.
    }

    @Override
    public void close() throws Exception {
        fetcher.close();
    }
}
