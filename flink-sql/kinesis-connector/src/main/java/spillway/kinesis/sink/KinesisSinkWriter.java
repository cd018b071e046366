package spillway.kinesis.sink;

import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.writer.AsyncSinkWriter;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.ElementConverter;
import org.apache.flink.connector.base.sink.writer.ResultHandler;
import org.apache.flink.connector.base.sink.writer.config.AsyncSinkWriterConfiguration;

/** Batches by count, bytes and age (Flink's part), and gives each batch to {@link RecordPutter}. */
final class KinesisSinkWriter<T> extends AsyncSinkWriter<T, PutEntry> {

    private final RecordPutter putter;

    KinesisSinkWriter(
            ElementConverter<T, PutEntry> converter,
            WriterInitContext context,
            AsyncSinkWriterConfiguration configuration,
            Collection<BufferedRequestState<PutEntry>> state,
            RecordPutter putter) {
        super(converter, context, configuration, state);
        this.putter = putter;
    }

    @Override
    protected void submitRequestEntries(List<PutEntry> entries, ResultHandler<PutEntry> handler) {
        putter.put(entries, handler);
    }

    @Override
    protected long getSizeInBytes(PutEntry entry) {
        return entry.sizeInBytes();
    }

    @Override
    public void close() {
        putter.close();
        super.close();
    }
}
