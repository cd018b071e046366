package spillway.kinesis.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/**
 * The Kinesis reader without Kinesis and without a clock: one reader that has all shards and reads each of them at every
 * poll interval of a scripted time. Rows, watermarks, idle and lagging shards and silence are the connector's own
 * classes; only what they are asked, and when, is scripted.
 */
public final class ScriptedReader {

    /** Takes what the reader hands on. */
    public interface Output {
        void row(RowData row, long arrivalMs);

        void watermark(long watermarkMs);
    }

    /** A record of a shard: when it came to Kinesis, and when the reader gets it, in epoch milliseconds. */
    public record Scripted(String shard, long arrivalMs, long readMs, byte[] data) {}

    /** What a savepoint keeps of the reader: see {@link ShardSplit}. */
    public record Progress(long watermark, long newestArrivalMs, long nowMs, long records) {
        /** Of a reader that has read nothing before this moment. */
        public static Progress at(long nowMs) {
            return new Progress(ShardWatermarks.NONE, ShardWatermarks.NONE, nowMs, 0);
        }
    }

    private static final int THE_ONLY_READER = 0;

    private final RecordDecoder decoder;
    private final SourceSettings settings;
    private final ShardWatermarks watermarks;
    private final StreamProgress stream;
    private final Map<String, WatermarkGenerator<RowData>> generators = new LinkedHashMap<>();
    private final Map<String, Deque<Scripted>> pending = new LinkedHashMap<>();
    private final Output output;
    private long nowMs;
    private long told;
    private long newestArrivalMs;
    private long recordCount;

    public ScriptedReader(
            RecordDecoder decoder,
            WatermarkStrategy<RowData> strategy,
            SourceSettings settings,
            List<String> shards,
            Progress from,
            Output output)
            throws Exception {
        this.decoder = decoder;
        this.settings = settings;
        this.output = output;
        watermarks = new ShardWatermarks(settings);
        stream = new StreamProgress(settings.silence());
        nowMs = from.nowMs();
        told = from.watermark();
        newestArrivalMs = from.newestArrivalMs();
        recordCount = from.records();
        MetricGroup metrics = new UnregisteredMetricsGroup();
        decoder.open(context(metrics));
        watermarks.restored(told);
        for (String shard : shards) {
            generators.put(shard, strategy.createWatermarkGenerator(new ShardContext(metrics)));
            pending.put(shard, new ArrayDeque<>());
            watermarks.assigned(shard, newestArrivalMs, nowMs);
        }
    }

    /**
     * Reads the records, each when its time has come. A shard whose next record came before the reader gets it cannot be
     * read in between.
     *
     * @param records in the order in which the reader gets them
     */
    public void read(List<Scripted> records) throws Exception {
        records.forEach(record -> pending.get(record.shard()).add(record));
        for (int first = 0; first < records.size(); ) {
            Scripted record = records.get(first);
            pollUntil(record.readMs());
            int next = first + 1;
            while (next < records.size() && isSameRead(record, records.get(next))) {
                next++;
            }
            handOn(record.shard(), records.subList(first, next));
            first = next;
        }
    }

    /** Polls all shards for so long, as nothing more comes. */
    public void readNothing(long forMs) {
        pollUntil(nowMs + forMs);
    }

    public Progress progress() {
        return new Progress(told, newestArrivalMs, nowMs, recordCount);
    }

    private static boolean isSameRead(Scripted one, Scripted other) {
        return one.readMs() == other.readMs() && one.shard().equals(other.shard());
    }

    private void pollUntil(long untilMs) {
        long intervalMs = settings.pollInterval().toMillis();
        for (long pollMs = nowMs + intervalMs; pollMs < untilMs; pollMs += intervalMs) {
            nowMs = pollMs;
            poll();
        }
        nowMs = Math.max(nowMs, untilMs);
    }

    private void poll() {
        pending.forEach((shard, records) -> {
            Scripted next = records.peek();
            if (next != null && next.arrivalMs() <= nowMs) {
                watermarks.unreadable(shard, nowMs - next.arrivalMs(), nowMs);
            } else {
                watermarks.read(shard, false, 0, nowMs);
            }
        });
        announce();
    }

    private void handOn(String shard, List<Scripted> records) {
        watermarks.read(shard, true, 0, nowMs);
        announce();
        for (Scripted record : records) {
            pending.get(shard).remove();
            String sequenceNumber = String.valueOf(recordCount++);
            RecordDecoder.Rows rows =
                    decoder.decode(new KinesisRecord(shard, sequenceNumber, record.arrivalMs(), record.data()));
            for (RowData row : rows.rows()) {
                output.row(row, record.arrivalMs());
                if (!rows.malformed()) {
                    watermarks.watermark(shard, watermarkAfter(generators.get(shard), row, record.arrivalMs()));
                }
            }
            watermarks.record(shard, record.arrivalMs());
            newestArrivalMs = Math.max(newestArrivalMs, record.arrivalMs());
        }
        announce();
    }

    private static long watermarkAfter(WatermarkGenerator<RowData> generator, RowData row, long arrivalMs) {
        Highest highest = new Highest();
        generator.onEvent(row, arrivalMs, highest);
        generator.onPeriodicEmit(highest);
        return highest.watermark;
    }

    /** What the reader tells downstream and the enumerator, and what the enumerator answers. */
    private void announce() {
        tell(watermarks.announce());
        if (stream.isIdle(THE_ONLY_READER)) {
            watermarks.allow(stream.allowed(1), nowMs);
            tell(watermarks.announce());
        }
    }

    private void tell(ShardWatermarks.Announcement announcement) {
        if (announcement.watermark() > told) {
            told = announcement.watermark();
            output.watermark(told);
        }
        stream.reported(THE_ONLY_READER, watermarks.progress(announcement));
    }

    private static DeserializationSchema.InitializationContext context(MetricGroup metrics) {
        return new DeserializationSchema.InitializationContext() {
            @Override
            public MetricGroup getMetricGroup() {
                return metrics;
            }

            @Override
            public UserCodeClassLoader getUserCodeClassLoader() {
                return SimpleUserCodeClassLoader.create(ScriptedReader.class.getClassLoader());
            }
        };
    }

    private static final class Highest implements WatermarkOutput {
        private long watermark = ShardWatermarks.NONE;

        @Override
        public void emitWatermark(Watermark emitted) {
            watermark = Math.max(watermark, emitted.getTimestamp());
        }

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}
    }
}
