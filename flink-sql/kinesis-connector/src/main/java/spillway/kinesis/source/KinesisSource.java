package spillway.kinesis.source;

import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.UserCodeClassLoader;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import spillway.kinesis.client.KinesisClients;
import spillway.kinesis.client.KinesisStream;

/** Reads a Kinesis stream as rows, with watermarks per shard; unbounded. */
public final class KinesisSource implements Source<RowData, ShardSplit, EnumeratorState> {

    private static final long serialVersionUID = 1L;

    private final KinesisStream stream;
    private final StartPosition start;
    private final SourceSettings settings;
    private final RecordDecoder decoder;
    private final WatermarkStrategy<RowData> watermarkStrategy;

    /**
     * @param start pinned when the job was planned, not when its enumerator starts: a job that fails before its first
     *     checkpoint starts again without state, and must not leave out what has come since
     * @param watermarkStrategy runs inside the reader: give the job {@code noWatermarks()} for this source
     */
    public KinesisSource(
            KinesisStream stream,
            StartPosition start,
            SourceSettings settings,
            RecordDecoder decoder,
            WatermarkStrategy<RowData> watermarkStrategy) {
        this.stream = stream;
        this.start = start;
        this.settings = settings;
        this.decoder = decoder;
        this.watermarkStrategy = watermarkStrategy;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<RowData, ShardSplit> createReader(SourceReaderContext context) throws Exception {
        decoder.open(new DecoderContext(context));
        return new KinesisSourceReader(context, stream, decoder, watermarkStrategy, settings);
    }

    @Override
    public SplitEnumerator<ShardSplit, EnumeratorState> createEnumerator(SplitEnumeratorContext<ShardSplit> context) {
        return restoreEnumerator(context, new EnumeratorState(start, Set.of(), Set.of()));
    }

    @Override
    public SplitEnumerator<ShardSplit, EnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<ShardSplit> context, EnumeratorState state) {
        KinesisClient client = KinesisClients.create(stream);
        return new ShardEnumerator(
                context, stream, settings, () -> ShardListing.list(client, stream), client, state);
    }

    @Override
    public SimpleVersionedSerializer<ShardSplit> getSplitSerializer() {
        return new ShardSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<EnumeratorState> getEnumeratorCheckpointSerializer() {
        return new EnumeratorStateSerializer();
    }

    private record DecoderContext(SourceReaderContext context) implements DeserializationSchema.InitializationContext {

        @Override
        public MetricGroup getMetricGroup() {
            return context.metricGroup().addGroup("deserializer");
        }

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            return context.getUserCodeClassLoader();
        }
    }
}
