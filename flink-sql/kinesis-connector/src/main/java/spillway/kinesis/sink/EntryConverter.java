package spillway.kinesis.sink;

import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.writer.ElementConverter;

/** Writes an element in its format, under its partition key. */
final class EntryConverter<T> implements ElementConverter<T, PutEntry> {

    private static final long serialVersionUID = 1L;

    private final SerializationSchema<T> format;
    private final PartitionKeys<T> keys;

    EntryConverter(SerializationSchema<T> format, PartitionKeys<T> keys) {
        this.format = format;
        this.keys = keys;
    }

    @Override
    public void open(WriterInitContext context) {
        keys.open(context.getTaskInfo().getIndexOfThisSubtask());
        try {
            format.open(context.asSerializationSchemaInitializationContext());
        } catch (Exception e) {
            throw new IllegalStateException("the format of a Kinesis sink cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public PutEntry apply(T element, SinkWriter.Context context) {
        return new PutEntry(keys.keyOf(element), format.serialize(element));
    }
}
