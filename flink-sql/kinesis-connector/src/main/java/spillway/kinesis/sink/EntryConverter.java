package spillway.kinesis.sink;

import java.util.UUID;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.writer.ElementConverter;

/** Writes an element in its format, under a random partition key, so that the shards share the load. */
final class EntryConverter<T> implements ElementConverter<T, PutEntry> {

    private static final long serialVersionUID = 1L;

    private final SerializationSchema<T> format;

    EntryConverter(SerializationSchema<T> format) {
        this.format = format;
    }

    @Override
    public void open(WriterInitContext context) {
        try {
            format.open(context.asSerializationSchemaInitializationContext());
        } catch (Exception e) {
            throw new IllegalStateException("the format of a Kinesis sink cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public PutEntry apply(T element, SinkWriter.Context context) {
        return new PutEntry(UUID.randomUUID().toString(), format.serialize(element));
    }
}
