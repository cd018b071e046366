package spillway.runner.scripted;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;
import org.apache.flink.table.types.DataType;

/** Stands in for the Kinesis sink: keeps the JSON that would have been sent. */
public class CollectingSinkFactory implements DynamicTableSinkFactory {

    /** Takes a row of a run's table, as JSON. */
    @FunctionalInterface
    public interface Taker extends Serializable {
        void take(String run, String table, String json) throws IOException;
    }

    private static final ConfigOption<String> RUN = ConfigOptions.key("run").stringType().noDefaultValue();

    @Override
    public String factoryIdentifier() {
        return "collecting";
    }

    /** What takes the rows. */
    protected Taker taker() {
        return Script::collect;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(RUN, FactoryUtil.FORMAT);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.TableFactoryHelper options = FactoryUtil.createTableFactoryHelper(this, context);
        return new CollectingSink(
                taker(),
                options.getOptions().get(RUN),
                context.getObjectIdentifier().getObjectName(),
                options.discoverEncodingFormat(SerializationFormatFactory.class, FactoryUtil.FORMAT),
                context.getPhysicalRowDataType());
    }

    private record CollectingSink(
            Taker taker, String run, String table, EncodingFormat<SerializationSchema<RowData>> format, DataType type) implements DynamicTableSink {

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return ChangelogMode.insertOnly();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            return SinkV2Provider.of(new JsonSink(taker, run, table, format.createRuntimeEncoder(context, type)));
        }

        @Override
        public DynamicTableSink copy() {
            return this;
        }

        @Override
        public String asSummaryString() {
            return "collecting";
        }
    }

    private record JsonSink(Taker taker, String run, String table, SerializationSchema<RowData> schema) implements Sink<RowData> {

        @Override
        public SinkWriter<RowData> createWriter(WriterInitContext context) {
            try {
                schema.open(context.asSerializationSchemaInitializationContext());
            } catch (Exception cause) {
                throw new IllegalStateException("the format of " + table + " does not open", cause);
            }
            return new SinkWriter<>() {
                @Override
                public void write(RowData row, Context writeContext) throws IOException {
                    taker.take(run, table, new String(schema.serialize(row), StandardCharsets.UTF_8));
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}
