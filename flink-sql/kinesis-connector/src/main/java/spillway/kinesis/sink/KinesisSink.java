package spillway.kinesis.sink;

import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.AsyncSinkBase;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.config.AsyncSinkWriterConfiguration;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import spillway.kinesis.client.KinesisClients;
import spillway.kinesis.client.KinesisStream;

/**
 * Writes elements to a Kinesis stream, each at least once: what a checkpoint covers has been written or is in the
 * checkpoint, and after a restart some is written again.
 */
public final class KinesisSink<T> extends AsyncSinkBase<T, PutEntry> {

    private static final long serialVersionUID = 1L;

    /** What every stream takes, data and key (PutRecords, API reference). A longer record fails the job. */
    public static final long MOST_BYTES_PER_RECORD = 1024 * 1024;

    private final KinesisStream stream;
    private final SinkSettings settings;

    public KinesisSink(
            KinesisStream stream, SinkSettings settings, PartitionKeys<T> keys, SerializationSchema<T> format) {
        super(
                new EntryConverter<>(format, keys),
                settings.batchSize(),
                settings.callsAtOnce(),
                settings.mostBuffered(),
                settings.batchBytes(),
                settings.flushTimeout().toMillis(),
                MOST_BYTES_PER_RECORD);
        this.stream = stream;
        this.settings = settings;
    }

    @Override
    public StatefulSinkWriter<T, BufferedRequestState<PutEntry>> createWriter(WriterInitContext context) {
        return restoreWriter(context, List.of());
    }

    @Override
    public StatefulSinkWriter<T, BufferedRequestState<PutEntry>> restoreWriter(
            WriterInitContext context, Collection<BufferedRequestState<PutEntry>> state) {
        AsyncSinkWriterConfiguration configuration =
                AsyncSinkWriterConfiguration.builder()
                        .setMaxBatchSize(getMaxBatchSize())
                        .setMaxBatchSizeInBytes(getMaxBatchSizeInBytes())
                        .setMaxInFlightRequests(getMaxInFlightRequests())
                        .setMaxBufferedRequests(getMaxBufferedRequests())
                        .setMaxTimeInBufferMS(getMaxTimeInBufferMS())
                        .setMaxRecordSizeInBytes(getMaxRecordSizeInBytes())
                        .build();
        return new KinesisSinkWriter<>(
                getElementConverter(),
                context,
                configuration,
                state,
                new RecordPutter(
                        stream,
                        KinesisClients.create(stream, settings.readTimeout()),
                        settings,
                        context.metricGroup().getNumRecordsSendErrorsCounter()));
    }

    @Override
    public SimpleVersionedSerializer<BufferedRequestState<PutEntry>> getWriterStateSerializer() {
        return new PutEntrySerializer();
    }
}
